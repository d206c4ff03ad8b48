package io.koupleless.controller.app.failure;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.app.settings.RefusedStartException;
import io.koupleless.controller.app.settings.SettingsConfiguration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.boot.web.server.PortInUseException;

class FailureAnalyzersTest {
    @Test
    void aSettingIsNamedWithItsVariableItsValueAndTheFix() {
        FailureAnalysis analysis = analysisOf("module-controller.mqtt.port=99999");
        assertThat(analysis.getDescription())
                .contains("module-controller.mqtt.port (MQTT_PORT) = '99999': must be 1 to 65535");
        assertThat(analysis.getAction()).contains("docs/settings.md");
    }

    @Test
    void aValueThatCannotBeReadIsNamed() {
        assertThat(analysisOf("module-controller.install.deadline=soon").getDescription())
                .contains("module-controller.install.deadline = 'soon': cannot be read");
    }

    @Test
    void anUnknownSettingIsNamed() {
        assertThat(analysisOf("module-controller.instal.deadline=3s").getDescription())
                .contains("module-controller.instal.deadline = '3s': there is no such setting");
    }

    @Test
    void aRefusedStartSaysWhatToDo() {
        RefusedStartException refused = new RefusedStartException("No.", "Do this.");
        FailureAnalysis analysis =
                new RefusedStartAnalyzer().analyze(new IllegalStateException(refused));
        assertThat(analysis.getDescription()).isEqualTo("No.");
        assertThat(analysis.getAction()).isEqualTo("Do this.");
    }

    @Test
    void aBusyPortNamesTheSetting() {
        FailureAnalysis analysis =
                new BusyPortAnalyzer()
                        .analyze(new IllegalStateException(new PortInUseException(8081)));
        assertThat(analysis.getDescription()).contains("8081");
        assertThat(analysis.getAction()).contains("SERVER_PORT", "server.port");
    }

    private static FailureAnalysis analysisOf(String setting) {
        AtomicReference<FailureAnalysis> analysis = new AtomicReference<>();
        new ApplicationContextRunner()
                .withUserConfiguration(SettingsConfiguration.class)
                .withPropertyValues(setting)
                .run(context ->
                        analysis.set(new SettingsAnalyzer().analyze(context.getStartupFailure())));
        return analysis.get();
    }
}
