package io.koupleless.controller.app.chart;

import com.marcnuri.helm.Helm;
import com.marcnuri.helm.LintResult;
import com.marcnuri.helm.TemplateCommand;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The chart as Helm renders it. */
final class Chart {
    static final String RELEASE = "module-controller";
    static final Path DIRECTORY = Path.of("..", "charts", "module-controller");

    /** Helm's own default is older than what the chart asks for. */
    private static final String KUBERNETES = "v1.36.0";

    private Chart() {}

    static LintResult lint() {
        return new Helm(DIRECTORY).lint().strict().call();
    }

    /** One YAML document for each object. */
    static List<String> render(String namespace, Map<String, Object> values) {
        TemplateCommand command =
                new Helm(DIRECTORY)
                        .template()
                        .withName(RELEASE)
                        .withNamespace(namespace)
                        .withKubeVersion(KUBERNETES);
        values.forEach(command::set);
        return Stream.of(command.call().split("(?m)^---\\s*$"))
                .filter(document -> document.contains("kind:"))
                .toList();
    }
}
