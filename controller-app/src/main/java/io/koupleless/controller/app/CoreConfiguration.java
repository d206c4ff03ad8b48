package io.koupleless.controller.app;

import io.koupleless.controller.ModuleController;
import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.app.settings.SettingsRules;
import io.koupleless.controller.fleet.FleetMetrics;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.tunnel.Tunnel;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Clock;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.BeanDefinition;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Role;

/** The controller and what it needs, whatever the tunnels. */
@Configuration(proxyBeanMethods = false)
@EnableConfigurationProperties(ControllerProperties.class)
class CoreConfiguration {

    /** Spring Boot asks a bean of this name to check every {@code @ConfigurationProperties}. */
    @Bean
    @Role(BeanDefinition.ROLE_INFRASTRUCTURE)
    static SettingsRules configurationPropertiesValidator() {
        return new SettingsRules();
    }

    @Bean
    Clock clock() {
        return Clock.systemUTC();
    }

    @Bean
    Instance instance(ControllerProperties settings, ObjectProvider<BuildProperties> build) {
        BuildProperties known = build.getIfAvailable();
        String version = known == null ? null : known.getVersion();
        return Instance.of(settings, version == null ? "development" : version);
    }

    @Bean
    FleetMetrics fleetMetrics(MeterRegistry meters) {
        return new FleetMetrics(meters);
    }

    @Bean
    KubeClients kubeClients(
            ControllerProperties settings, Instance instance, MeterRegistry meters) {
        return KubeClients.connect(
                Optional.ofNullable(settings.kubernetes().kubeconfig()),
                settings.kubernetes().toSettings(instance.version()),
                meters);
    }

    @Bean(destroyMethod = "")
    ModuleController moduleController(
            ControllerProperties settings,
            Instance instance,
            KubeClients clients,
            List<Tunnel> tunnels,
            FleetMetrics metrics,
            Clock clock) {
        return new ModuleController(
                settings.toSettings(instance.identity(), instance.version()),
                clients,
                tunnels,
                metrics,
                clock);
    }

    @Bean
    ControllerLifecycle controllerLifecycle(
            ModuleController controller, ControllerProperties settings, Instance instance) {
        return new ControllerLifecycle(controller, settings, instance);
    }
}
