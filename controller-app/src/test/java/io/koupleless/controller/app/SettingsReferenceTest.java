package io.koupleless.controller.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.app.settings.EnvironmentVariables;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** docs/settings.md is what the code says. */
class SettingsReferenceTest {
    private static final Path FILE = Path.of("..", "docs", "settings.md");
    private static final String WRITE =
            "mvn -pl controller-app -am test -Dtest=SettingsReferenceTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Dsettings.write=true";
    private static final String INTRODUCTION =
            """
            # Settings

            Generated from the code; after a change run `%s`.

            Each setting can be given as a property (`--name=value` after the jar, or in
            `config/application.yaml` beside it) or as an environment variable. Where several
            variables are named, the first is the general form, which wins; the others are those of
            the Go controller and of Pods. Times have a unit: `500ms`, `30s`, `5m`, `2h`, `7d`.

            | Property | Type | Default | Environment variables | Meaning |
            |---|---|---|---|---|
            """;
    private static final String OTHERS =
            """

            ## Beside these

            | Environment variable | Meaning |
            |---|---|
            | `SPRING_PROFILES_ACTIVE` | The tunnels, separated by commas: `mqtt`, `http`. |
            | `ENABLE_MQTT_TUNNEL` | `true` adds profile `mqtt`. |
            | `ENABLE_HTTP_TUNNEL` | `true` adds profile `http`. |
            | `SERVER_PORT` | Port of probes and metrics; 8081 unless set. |
            | `LOGGING_LEVEL_IO_KOUPLELESS_CONTROLLER` | `DEBUG` tells more. |

            `NAMESPACE` falls back to the namespace of the Pod. These variables of the Go controller
            have no effect, and one line of the log names those that are set: `IS_CLUSTER`,
            `WORKLOAD_MAX_LEVEL`, `VNODE_WORKER_NUM`, `KUBELET_PROXY_ENABLED`, `KUBELET_PROXY_PORT`,
            `ENABLE_MODULE_DEPLOYMENT_CONTROLLER`, `REPORT_HOOKS`, `TRACKER_CONFIG_PATH`.

            ## Deviations from the Go controller

            - `MQTT_BROKER` defaults to `localhost` and `MQTT_USERNAME` to no user, in place of
              `test-broker` and `test-username`; `CLIENT_ID` to the host name in place of a random one.
            - A variable that is set but empty counts as unset, except for `MQTT_USERNAME`,
              `MQTT_PASSWORD` and `MQTT_CLIENT_PREFIX`.
            - A port that is no number is refused, in place of becoming 0 or 7777.
            - The broker's certificate is checked; `module-controller.mqtt.tls.verify=false` does not.
            - Probes and metrics share port 8081: `/healthz`, `/readyz`, `/metrics` and
              `/actuator/{health,info,prometheus}`. The chart's Service keeps 9090 for `/metrics`.
            """;

    @Test
    void theCommittedReferenceIsUpToDate() throws IOException {
        String reference = INTRODUCTION.formatted(WRITE) + rows() + OTHERS;
        if (Boolean.getBoolean("settings.write")) {
            Files.writeString(FILE, reference);
        }
        String committed = Files.exists(FILE) ? Files.readString(FILE) : "";
        assertThat(committed)
                .as("docs/settings.md differs from the code; write it anew: %s", WRITE)
                .isEqualTo(reference);
    }

    private static String rows() throws IOException {
        return properties()
                .sorted(Comparator.comparing((JsonNode row) -> row.path("name").asString()))
                .map(SettingsReferenceTest::row)
                .collect(Collectors.joining());
    }

    private static Stream<JsonNode> properties() throws IOException {
        String metadata = "/META-INF/spring-configuration-metadata.json";
        try (InputStream in = EnvironmentVariables.class.getResourceAsStream(metadata)) {
            return JsonMapper.shared()
                    .readTree(in)
                    .path("properties")
                    .valueStream()
                    .toList()
                    .stream();
        }
    }

    private static String row(JsonNode property) {
        String name = property.path("name").asString();
        String description =
                property.path("description").asString("").replaceAll("\\{@code ([^}]*)}", "`$1`");
        assertThat(description).as("javadoc of " + name).isNotEmpty();
        List<String> variables =
                Stream.concat(
                                Stream.of(variable(name)),
                                EnvironmentVariables.namesFor(name).stream())
                        .map(text -> "`" + text + "`")
                        .toList();
        return "| `%s` | %s | %s | %s | %s |\n"
                .formatted(
                        name,
                        type(property.path("type").asString()),
                        defaultOf(property.path("defaultValue").asString("")),
                        String.join(", ", variables),
                        description);
    }

    /** As Spring Boot reads it. */
    private static String variable(String property) {
        return property.replace("-", "").replace('.', '_').toUpperCase(Locale.ROOT);
    }

    private static String type(String className) {
        String plain = className.replaceAll("[a-z]+\\.", "");
        return switch (plain) {
            case "Duration" -> "time";
            case "Integer" -> "number";
            case "String" -> "text";
            case "Boolean" -> "true or false";
            case "Path" -> "file";
            case "DataSize" -> "size";
            case "List<String>" -> "texts, separated by commas";
            case "VNodeSettings$Orphans" -> "`uninstall-ours`, `leave` or `uninstall`";
            case "MqttVersion" -> "`v3.1.1` or `v5`";
            default -> throw new AssertionError("a word for " + className + ", please");
        };
    }

    private static String defaultOf(String value) {
        return value.isEmpty() ? "" : "`" + value + "`";
    }
}
