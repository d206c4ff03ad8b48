package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Broker;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Limits;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Login;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Tls;
import java.time.Duration;
import java.util.UUID;

/** Settings for a broker on this machine, of environment {@code dev}. */
final class TestSettings {
    private TestSettings() {}

    static MqttSettings plain(EmbeddedBroker broker, MqttVersion version) {
        return of(broker.host(), broker.port(), version, login("", ""), null);
    }

    static MqttSettings of(String host, int port, MqttVersion version, Login login, Tls tls) {
        return new MqttSettings("DEV", new Broker(host, port, version), login, tls, limits());
    }

    static Login login(String user, String password) {
        return new Login("koupleless", UUID.randomUUID().toString(), user, password);
    }

    static Limits limits() {
        return limits(Duration.ofSeconds(20));
    }

    static Limits limits(Duration connectTimeout) {
        return new Limits(
                Duration.ofSeconds(20),
                connectTimeout,
                Duration.ofSeconds(1),
                1_024,
                1 << 20,
                Duration.ofMillis(100));
    }
}
