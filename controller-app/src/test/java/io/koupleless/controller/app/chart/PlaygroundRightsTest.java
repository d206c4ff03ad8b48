package io.koupleless.controller.app.chart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** The playground's controller has the rights that the chart gives, and no others. */
class PlaygroundRightsTest {
    private static final Path FILE =
            Path.of(
                    "../controller-testkit/src/main/resources",
                    "io/koupleless/controller/testkit/playground/controller-rbac.yaml");
    private static final String WRITE =
            "mvn -pl controller-app -am test -Dtest=PlaygroundRightsTest"
                    + " -Dsurefire.failIfNoSpecifiedTests=false -Drights.write=true";
    private static final YAMLMapper YAML = new YAMLMapper();

    @Test
    void thePlaygroundAppliesWhatTheChartRenders() throws IOException {
        String rendered = ChartRbac.render("module-controller");
        if (Boolean.getBoolean("rights.write")) {
            Files.writeString(FILE, "# Rendered from the chart by: " + WRITE + "\n" + rendered);
        }
        assertThat(objects(Files.readString(FILE)))
                .as("%s differs from the chart; write it anew: %s", FILE, WRITE)
                .containsExactlyElementsOf(objects(rendered).toList());
    }

    /** Without the labels, which hold the chart's version. */
    private static Stream<JsonNode> objects(String documents) {
        return Stream.of(documents.split("(?m)^---\\s*$"))
                .map(YAML::readTree)
                .peek(object -> ((ObjectNode) object.path("metadata")).remove("labels"));
    }
}
