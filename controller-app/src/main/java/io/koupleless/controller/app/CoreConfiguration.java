package io.koupleless.controller.app;

import io.koupleless.controller.ModuleController;
import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.fleet.FleetMetrics;
import io.koupleless.controller.kube.KubeClientSettings;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.tunnel.Tunnel;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.boot.info.BuildProperties;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The controller and what it needs, whatever the tunnels. */
@Configuration(proxyBeanMethods = false)
class CoreConfiguration {
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(8);
    private static final String TUNNEL_SUFFIX = "_tunnel_provider";

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
        Optional<Path> kubeconfig = Optional.ofNullable(settings.kubernetes().kubeconfig());
        KubeClientSettings client = settings.kubernetes().toSettings(instance.version());
        KubeClients.connect(kubeconfig, hasty(client), meters).close();
        return KubeClients.connect(kubeconfig, client, meters);
    }

    /** Whoever starts the controller waits less for an answer than the controller does later. */
    private static KubeClientSettings hasty(KubeClientSettings client) {
        return new KubeClientSettings(
                1,
                shorter(client.readTimeout()),
                shorter(client.callTimeout()),
                client.pingInterval(),
                client.userAgent());
    }

    private static Duration shorter(Duration timeout) {
        return timeout.compareTo(FIRST_ANSWER) < 0 ? timeout : FIRST_ANSWER;
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
                preferredFirst(tunnels, settings.prefer()),
                metrics,
                clock);
    }

    static List<Tunnel> preferredFirst(List<Tunnel> tunnels, String preferred) {
        return tunnels.stream()
                .sorted(Comparator.comparing(t -> !t.name().equals(preferred + TUNNEL_SUFFIX)))
                .toList();
    }

    @Bean
    ControllerLifecycle controllerLifecycle(
            ModuleController controller, ControllerProperties settings, Instance instance) {
        return new ControllerLifecycle(controller, settings, instance);
    }
}
