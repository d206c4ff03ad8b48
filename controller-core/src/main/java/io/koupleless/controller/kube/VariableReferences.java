package io.koupleless.controller.kube;

import io.kubernetes.client.openapi.models.V1EnvVar;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * References to variables in a text, as Kubernetes writes them: {@code $(NAME)}. Doubling the
 * dollar keeps one from being replaced; what cannot be resolved stays as it is.
 */
final class VariableReferences {
    private VariableReferences() {}

    static String replace(String text, Function<String, Optional<String>> variables) {
        StringBuilder replaced = new StringBuilder();
        int at = 0;
        while (at < text.length()) {
            char here = text.charAt(at);
            if (here != '$' || at + 1 == text.length()) {
                replaced.append(here);
                at++;
                continue;
            }
            char next = text.charAt(at + 1);
            int end = next == '(' ? text.indexOf(')', at) : -1;
            if (end >= 0) {
                String reference = text.substring(at, end + 1);
                String name = text.substring(at + 2, end);
                replaced.append(variables.apply(name).orElse(reference));
                at = end + 1;
            } else {
                replaced.append(next == '$' ? "$" : "$" + next);
                at += 2;
            }
        }
        return replaced.toString();
    }

    /** The names that the texts refer to, directly or by way of other variables. */
    static Set<String> in(List<String> texts, @Nullable List<V1EnvVar> variables) {
        Set<String> names = new HashSet<>();
        texts.forEach(text -> collect(text, variables, names));
        return names;
    }

    private static void collect(
            String text, @Nullable List<V1EnvVar> variables, Set<String> names) {
        replace(
                text,
                name -> {
                    if (names.add(name)) {
                        PodReader.list(variables).stream()
                                .filter(variable -> name.equals(variable.getName()))
                                .forEach(variable ->
                                        collect(
                                                PodReader.text(variable.getValue()),
                                                variables,
                                                names));
                    }
                    return Optional.empty();
                });
    }
}
