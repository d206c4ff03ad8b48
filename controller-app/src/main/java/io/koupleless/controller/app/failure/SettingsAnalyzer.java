package io.koupleless.controller.app.failure;

import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.app.settings.EnvironmentVariables;
import io.koupleless.controller.app.settings.InvalidSettingsException;
import io.koupleless.controller.app.settings.Problem;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.BindException;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.context.properties.source.ConfigurationProperty;
import org.springframework.boot.context.properties.source.ConfigurationPropertyName;
import org.springframework.boot.diagnostics.AbstractFailureAnalyzer;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.core.Ordered;
import org.springframework.core.annotation.Order;

/** Names each setting of ours that is wrong, its value, and what it has to be. */
@Order(Ordered.HIGHEST_PRECEDENCE)
final class SettingsAnalyzer extends AbstractFailureAnalyzer<BindException> {
    private static final ConfigurationPropertyName OURS =
            ConfigurationPropertyName.of(ControllerProperties.PREFIX);
    private static final String FIX =
            "Correct them, each under this name or as an environment variable;"
                    + " docs/settings.md lists all settings.";

    @Override
    protected @Nullable FailureAnalysis analyze(Throwable failure, BindException cause) {
        if (!OURS.equals(cause.getName()) && !OURS.isAncestorOf(cause.getName())) {
            return null;
        }
        String lines =
                problems(cause).stream()
                        .map(SettingsAnalyzer::line)
                        .collect(Collectors.joining("\n"));
        return new FailureAnalysis("These settings cannot be used:\n\n" + lines, FIX, cause);
    }

    private List<Problem> problems(BindException cause) {
        InvalidSettingsException invalid = findCause(cause, InvalidSettingsException.class);
        if (invalid != null) {
            return invalid.problems();
        }
        UnboundConfigurationPropertiesException unknown =
                findCause(cause, UnboundConfigurationPropertiesException.class);
        if (unknown != null) {
            return unknown.getUnboundProperties().stream()
                    .map(property -> problem(property, "there is no such setting"))
                    .toList();
        }
        ConfigurationProperty property = cause.getProperty();
        String reason = "cannot be read: " + rootMessage(cause);
        return List.of(
                property == null
                        ? new Problem(cause.getName().toString(), "", reason)
                        : problem(property, reason));
    }

    private static Problem problem(ConfigurationProperty property, String reason) {
        return new Problem(
                property.getName().toString(), String.valueOf(property.getValue()), reason);
    }

    private static String rootMessage(Throwable failure) {
        Throwable root = failure;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return String.valueOf(root.getMessage());
    }

    private static String line(Problem problem) {
        List<String> variables = EnvironmentVariables.namesFor(problem.property());
        String also = variables.isEmpty() ? "" : " (" + String.join(", ", variables) + ")";
        return "  %s%s = '%s': %s"
                .formatted(problem.property(), also, problem.value(), problem.fix());
    }
}
