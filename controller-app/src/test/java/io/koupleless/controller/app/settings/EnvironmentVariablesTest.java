package io.koupleless.controller.app.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.logging.impl.NoOpLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.boot.SpringApplication;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

class EnvironmentVariablesTest {
    @TempDir private Path directory;
    private final RecordingLog log = new RecordingLog();

    @Test
    void theVariablesOfTheGoControllerKeepTheirMeaning() {
        StandardEnvironment environment =
                processed(
                        Map.ofEntries(
                                Map.entry("ENV", "Test"),
                                Map.entry("CLIENT_ID", "c1"),
                                Map.entry("HOSTNAME", "pod-7"),
                                Map.entry("NAMESPACE", "ns"),
                                Map.entry("KUBECONFIG", "/kube"),
                                Map.entry("ENABLE_MODULE_REPLICAS_SYNC_WITH_BASE", "true"),
                                Map.entry("MQTT_BROKER", "broker"),
                                Map.entry("MQTT_PORT", "8883"),
                                Map.entry("MQTT_USERNAME", "user"),
                                Map.entry("MQTT_PASSWORD", "s3cret"),
                                Map.entry("MQTT_CLIENT_PREFIX", "prefix"),
                                Map.entry("MQTT_CA_PATH", "/ca"),
                                Map.entry("MQTT_CLIENT_CRT_PATH", "/crt"),
                                Map.entry("MQTT_CLIENT_KEY_PATH", "/key")));
        assertThat(settings(environment))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.ofEntries(
                                Map.entry("module-controller.env", "Test"),
                                Map.entry("module-controller.identity", "c1"),
                                Map.entry("module-controller.namespace", "ns"),
                                Map.entry("module-controller.kubernetes.kubeconfig", "/kube"),
                                Map.entry("module-controller.peers.enabled", "true"),
                                Map.entry("module-controller.mqtt.host", "broker"),
                                Map.entry("module-controller.mqtt.port", "8883"),
                                Map.entry("module-controller.mqtt.username", "user"),
                                Map.entry("module-controller.mqtt.password", "s3cret"),
                                Map.entry("module-controller.mqtt.client-prefix", "prefix"),
                                Map.entry("module-controller.mqtt.tls.ca-path", "/ca"),
                                Map.entry("module-controller.mqtt.tls.client-cert-path", "/crt"),
                                Map.entry("module-controller.mqtt.tls.client-key-path", "/key")));
        assertThat(log.lines).isEmpty();
    }

    @Test
    void setButEmptyIsAValueWhereItMeansSomething() {
        StandardEnvironment environment =
                processed(
                        Map.of(
                                "ENV", "",
                                "CLIENT_ID", "",
                                "MQTT_BROKER", "",
                                "MQTT_PORT", "",
                                "MQTT_CA_PATH", "",
                                "MQTT_USERNAME", "",
                                "MQTT_PASSWORD", "",
                                "MQTT_CLIENT_PREFIX", ""));
        assertThat(settings(environment))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of(
                                "module-controller.mqtt.username", "",
                                "module-controller.mqtt.password", "",
                                "module-controller.mqtt.client-prefix", ""));
    }

    @Test
    void ourOwnNamesWin() {
        StandardEnvironment environment = environment(Map.of("MQTT_BROKER", "old"));
        environment
                .getPropertySources()
                .addFirst(
                        new MapPropertySource(
                                "ours", Map.of("module-controller.mqtt.host", "new")));
        process(environment);
        assertThat(environment.getProperty("module-controller.mqtt.host")).isEqualTo("new");
    }

    @Test
    void aListOfKubeconfigsIsLeftToTheClient() {
        String list = "/a" + File.pathSeparator + "/b";
        assertThat(settings(processed(Map.of("KUBECONFIG", list)))).isEmpty();
    }

    @Test
    void aPodKnowsItsNameAndNamespace() throws IOException {
        Files.writeString(directory.resolve("namespace"), "of-the-pod\n");
        assertThat(settings(processed(Map.of("HOSTNAME", "pod-7"))))
                .containsEntry("module-controller.identity", "pod-7")
                .containsEntry("module-controller.namespace", "of-the-pod");
        assertThat(settings(processed(Map.of("POD_NAMESPACE", "said"))))
                .containsEntry("module-controller.namespace", "said");
    }

    @Test
    void onlyTrueEnablesATunnelBesideTheProfilesThatAreSet() {
        assertThat(processed(Map.of("ENABLE_MQTT_TUNNEL", "true")).getActiveProfiles())
                .containsExactly("mqtt");
        assertThat(processed(Map.of("ENABLE_MQTT_TUNNEL", "TRUE")).getActiveProfiles()).isEmpty();
        assertThat(processed(Map.of("ENABLE_MQTT_TUNNEL", "false")).getActiveProfiles()).isEmpty();
        assertThat(
                        processed(
                                        Map.of(
                                                "ENABLE_HTTP_TUNNEL", "true",
                                                "SPRING_PROFILES_ACTIVE", "mqtt"))
                                .getActiveProfiles())
                .containsExactlyInAnyOrder("mqtt", "http");
    }

    @Test
    void oneLineNamesWhatHasNoEffectAndNoValue() {
        processed(
                Map.of(
                        "IS_CLUSTER", "true",
                        "REPORT_HOOKS", "https://hook/s3cret",
                        "TRACKER_CONFIG_PATH", "",
                        "MQTT_PASSWORD", "s3cret"));
        assertThat(log.lines)
                .singleElement()
                .asString()
                .contains("IS_CLUSTER, REPORT_HOOKS")
                .doesNotContain("TRACKER_CONFIG_PATH", "s3cret");
    }

    @Test
    void theVariablesOfAPropertyAreKnown() {
        assertThat(EnvironmentVariables.namesFor("module-controller.mqtt.port"))
                .containsExactly("MQTT_PORT");
        assertThat(EnvironmentVariables.namesFor("module-controller.lease.renew")).isEmpty();
    }

    private StandardEnvironment processed(Map<String, Object> variables) {
        StandardEnvironment environment = environment(variables);
        process(environment);
        return environment;
    }

    private void process(StandardEnvironment environment) {
        new EnvironmentVariables(log, directory.resolve("namespace"))
                .postProcessEnvironment(environment, new SpringApplication());
    }

    private static StandardEnvironment environment(Map<String, Object> variables) {
        StandardEnvironment environment = new StandardEnvironment();
        String name = StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME;
        environment
                .getPropertySources()
                .replace(name, new SystemEnvironmentPropertySource(name, variables));
        return environment;
    }

    @SuppressWarnings("unchecked")
    private static Map<String, Object> settings(StandardEnvironment environment) {
        return (Map<String, Object>)
                environment.getPropertySources().get(EnvironmentVariables.SOURCE).getSource();
    }

    private static final class RecordingLog extends NoOpLog {
        private static final long serialVersionUID = 1L;
        private final transient List<Object> lines = new ArrayList<>();

        @Override
        public void info(Object message) {
            lines.add(message);
        }
    }
}
