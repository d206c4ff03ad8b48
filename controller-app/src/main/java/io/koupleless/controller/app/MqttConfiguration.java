package io.koupleless.controller.app;

import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.app.settings.RefusedStartException;
import io.koupleless.controller.app.settings.SettingsWarnings;
import io.koupleless.controller.app.settings.TunnelProfiles;
import io.koupleless.controller.fleet.FleetMetrics;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.mqtt.MqttSettings;
import io.koupleless.controller.tunnel.mqtt.MqttTunnel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Profile;

/** The tunnel over MQTT. */
@Configuration(proxyBeanMethods = false)
@Profile(TunnelProfiles.MQTT)
class MqttConfiguration {
    private static final Logger LOG = LoggerFactory.getLogger(MqttConfiguration.class);

    @Bean
    Tunnel mqttTunnel(ControllerProperties settings, Instance instance, FleetMetrics metrics) {
        SettingsWarnings.of(settings.mqtt()).forEach(warning -> LOG.atWarn().log(warning));
        MqttSettings mqtt = settings.mqtt().toSettings(settings.env(), instance.identity());
        try {
            MqttTunnel tunnel = new MqttTunnel(mqtt, metrics);
            LOG.atInfo().addKeyValue("broker", tunnel.description()).log("Tunnel mqtt");
            return tunnel;
        } catch (IllegalArgumentException e) {
            throw new RefusedStartException(
                    "The MQTT tunnel cannot be set up: " + e.getMessage(),
                    "Correct module-controller.mqtt.tls; every file there is PEM.");
        }
    }
}
