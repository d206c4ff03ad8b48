package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Broker;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Login;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Tls;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MqttSettingsTest {
    private static final Login LOGIN = new Login("koupleless", "c1", "user", "s3cret");

    @Test
    void thePasswordIsNeverPrinted() {
        assertThat(settings("broker", null).toString())
                .contains("koupleless@@@c1", "user")
                .doesNotContain("s3cret");
    }

    @Test
    void theUriTellsTls() {
        assertThat(settings("broker", null).uri()).isEqualTo("tcp://broker:1883");
        assertThat(settings("::1", null).uri()).isEqualTo("tcp://[::1]:1883");
        assertThat(settings("broker", new Tls(null, null, null, true)).uri())
                .isEqualTo("ssl://broker:1883");
    }

    @Test
    void nonsenseIsRefused() {
        assertThatThrownBy(() -> new Broker("b", 0, MqttVersion.V5)).hasMessageContaining("port");
        assertThatThrownBy(() -> new Broker(" ", 1, MqttVersion.V5)).hasMessageContaining("host");
        assertThatThrownBy(() -> new Login("p", "", "", "")).hasMessageContaining("clientId");
        Broker broker = new Broker("b", 1, MqttVersion.V5);
        assertThatThrownBy(
                        () -> new MqttSettings("a/b", broker, LOGIN, null, TestSettings.limits()))
                .hasMessageContaining("env");
    }

    @Test
    void aFileThatCannotBeUsedIsNamedWithItsSetting(@TempDir Path directory) throws IOException {
        Path absent = directory.resolve("absent.pem");
        Path nonsense = Files.writeString(directory.resolve("nonsense.pem"), "nonsense");
        assertRefused(new Tls(absent, null, null, true), "MQTT_CA_PATH", "absent.pem");
        assertRefused(new Tls(absent, null, null, false), "MQTT_CA_PATH", "absent.pem");
        assertRefused(new Tls(nonsense, null, null, true), "MQTT_CA_PATH", "nonsense.pem");
        assertRefused(
                new Tls(null, nonsense, nonsense, true), "MQTT_CLIENT_CRT_PATH", "nonsense.pem");
        assertRefused(new Tls(null, nonsense, null, true), "MQTT_CLIENT_KEY_PATH", "together");
    }

    private static void assertRefused(Tls tls, String... words) {
        assertThatThrownBy(() -> new MqttTunnel(settings("b", tls), TunnelCounters.none()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContainingAll(words);
    }

    private static MqttSettings settings(String host, Tls tls) {
        return TestSettings.of(host, 1883, MqttVersion.V3_1_1, LOGIN, tls);
    }
}
