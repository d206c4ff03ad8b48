package io.koupleless.controller.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.MapConfigurationPropertySource;

class SettingsWarningsTest {
    @Test
    void defaultsNeedNoWarning() {
        ControllerProperties settings = settings(Map.of());
        assertThat(SettingsWarnings.of(settings)).isEmpty();
        assertThat(SettingsWarnings.of(settings.mqtt())).isEmpty();
    }

    @Test
    void aLongSilenceNeedsLongerTolerations() {
        assertThat(
                        SettingsWarnings.of(
                                settings(Map.of("module-controller.silence.delete-after", "6m"))))
                .singleElement()
                .asString()
                .contains("360s", "300s", "tolerations");
    }

    @Test
    void aConnectionThatIsLessSafeThanItLooksIsTold() {
        MqttProperties plain =
                settings(
                                Map.of(
                                        "module-controller.mqtt.tls.client-cert-path", "/c",
                                        "module-controller.mqtt.tls.client-key-path", "/k"))
                        .mqtt();
        assertThat(SettingsWarnings.of(plain))
                .singleElement()
                .asString()
                .contains("not protected", "MQTT_CA_PATH");
        MqttProperties unverified =
                settings(
                                Map.of(
                                        "module-controller.mqtt.tls.enabled", "true",
                                        "module-controller.mqtt.tls.verify", "false"))
                        .mqtt();
        assertThat(SettingsWarnings.of(unverified))
                .singleElement()
                .asString()
                .contains("tls.verify is false");
    }

    private static ControllerProperties settings(Map<String, String> values) {
        return new Binder(new MapConfigurationPropertySource(values))
                .bindOrCreate(ControllerProperties.PREFIX, ControllerProperties.class);
    }
}
