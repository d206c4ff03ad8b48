package io.koupleless.controller.app.chart;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The ServiceAccount that the chart creates, and its rights. */
public final class ChartRbac {
    /** Its name. */
    public static final String SERVICE_ACCOUNT = Chart.RELEASE;

    private static final Pattern KIND = Pattern.compile("(?m)^kind: (\\w+)$");
    private static final Set<String> KINDS =
            Set.of("ServiceAccount", "ClusterRole", "ClusterRoleBinding", "Role", "RoleBinding");

    private static final String NAMESPACE =
            """
            apiVersion: v1
            kind: Namespace
            metadata:
              name: %s
            """;

    private ChartRbac() {}

    /** YAML documents to apply, the namespace first. */
    public static String render(String namespace) {
        return render(namespace, Map.of());
    }

    /** The same with other values of the chart. */
    public static String render(String namespace, Map<String, Object> values) {
        return NAMESPACE.formatted(namespace)
                + documents(namespace, values).stream()
                        .map("---\n"::concat)
                        .collect(Collectors.joining());
    }

    static List<String> documents(String namespace, Map<String, Object> values) {
        return Chart.render(namespace, values).stream()
                .filter(document -> KINDS.contains(kind(document)))
                .toList();
    }

    private static String kind(String document) {
        Matcher matcher = KIND.matcher(document);
        return matcher.find() ? matcher.group(1) : "";
    }
}
