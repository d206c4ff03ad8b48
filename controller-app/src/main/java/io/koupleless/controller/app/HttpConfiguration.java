package io.koupleless.controller.app;

import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.app.settings.HttpProperties;
import io.koupleless.controller.app.settings.RefusedStartException;
import io.koupleless.controller.app.settings.SettingsWarnings;
import io.koupleless.controller.app.settings.TunnelProfiles;
import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.fleet.FleetMetrics;
import io.koupleless.controller.kube.BasePodSource;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.http.DnsSource;
import io.koupleless.controller.tunnel.http.HttpTunnel;
import io.koupleless.controller.tunnel.http.StaticSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;
import org.springframework.core.task.AsyncTaskExecutor;

/** The tunnel over HTTP. */
@Configuration(proxyBeanMethods = false)
@Profile(TunnelProfiles.HTTP)
class HttpConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(HttpConfiguration.class);

    @Bean
    Tunnel httpTunnel(
            ControllerProperties settings,
            KubeClients clients,
            FleetMetrics metrics,
            AsyncTaskExecutor applicationTaskExecutor) {
        HttpProperties http = settings.http();
        SettingsWarnings.of(http).forEach(warning -> LOG.atWarn().log(warning));
        try {
            List<BaseSource> sources = sources(settings, clients, applicationTaskExecutor);
            LOG.atInfo()
                    .addKeyValue("port", http.port())
                    .addKeyValue("sources", sources.stream().map(BaseSource::name).toList())
                    .log("Tunnel http");
            return new HttpTunnel(http.toSettings(), sources, metrics);
        } catch (IllegalArgumentException e) {
            throw new RefusedStartException(
                    "The HTTP tunnel cannot be set up: " + e.getMessage(),
                    "Correct module-controller.http.");
        }
    }

    private static List<BaseSource> sources(
            ControllerProperties settings, KubeClients clients, Executor workers) {
        HttpProperties http = settings.http();
        List<BaseSource> sources = new ArrayList<>();
        if (!http.bases().isEmpty()) {
            sources.add(new StaticSource(http.bases()));
        }
        if (!http.dns().isEmpty()) {
            sources.add(new DnsSource(http.dns(), http.dnsPeriod()));
        }
        http.pods()
                .toSettings(settings.env(), settings.nodes().carried())
                .ifPresent(pods ->
                        sources.add(new BasePodSource(clients, pods, System::nanoTime, workers)));
        return sources;
    }
}
