package io.koupleless.controller.kube;

import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1EnvVarSource;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The variables of a container that its args can refer to: plain values, and those fields of the
 * Pod that are known before it runs. Secrets and ConfigMaps are nothing that we may read.
 */
final class ContainerVariables {
    private static final Pattern ENTRY =
            Pattern.compile("metadata\\.(labels|annotations)\\['(.+)'\\]");

    private final Map<String, String> known = new HashMap<>();
    private final Set<String> unreadable = new HashSet<>();
    private final boolean more;

    ContainerVariables(V1Container container, V1Pod pod) {
        for (V1EnvVar variable : PodReader.list(container.getEnv())) {
            read(variable, pod);
        }
        this.more = PodFields.any(container.getEnvFrom());
    }

    /** A variable refers to those before it; of two of one name the last counts. */
    private void read(V1EnvVar variable, V1Pod pod) {
        String name = PodReader.text(variable.getName());
        V1EnvVarSource source = variable.getValueFrom();
        Optional<String> value =
                source == null
                        ? Optional.of(plain(PodReader.text(variable.getValue())))
                        : field(source, pod);
        unreadable.remove(name);
        known.remove(name);
        boolean refersToUnreadable =
                VariableReferences.in(List.of(PodReader.text(variable.getValue())), null).stream()
                        .anyMatch(unreadable::contains);
        if (value.isEmpty() || refersToUnreadable) {
            unreadable.add(name);
        } else {
            known.put(name, value.get());
        }
    }

    private String plain(String value) {
        return VariableReferences.replace(value, this::value);
    }

    private static Optional<String> field(V1EnvVarSource source, V1Pod pod) {
        if (source.getFieldRef() == null) {
            return Optional.empty();
        }
        V1ObjectMeta metadata = Objects.requireNonNullElseGet(pod.getMetadata(), V1ObjectMeta::new);
        V1PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), V1PodSpec::new);
        String path = PodReader.text(source.getFieldRef().getFieldPath());
        Matcher entry = ENTRY.matcher(path);
        if (entry.matches()) {
            boolean labels = entry.group(1).equals("labels");
            return Optional.of(
                    entry(
                            labels ? metadata.getLabels() : metadata.getAnnotations(),
                            entry.group(2)));
        }
        return switch (path) {
            case "metadata.name" -> Optional.of(PodReader.text(metadata.getName()));
            case "metadata.namespace" -> Optional.of(PodReader.text(metadata.getNamespace()));
            case "metadata.uid" -> Optional.of(PodReader.text(metadata.getUid()));
            case "spec.nodeName" -> Optional.of(PodReader.text(spec.getNodeName()));
            case "spec.serviceAccountName" ->
                    Optional.of(PodReader.text(spec.getServiceAccountName()));
            default -> Optional.empty();
        };
    }

    private static String entry(@Nullable Map<String, String> entries, String key) {
        return entries == null ? "" : entries.getOrDefault(key, "");
    }

    Optional<String> value(String name) {
        return Optional.ofNullable(known.get(name));
    }

    /** It has a value, or may have one, that we cannot read. */
    boolean unreadable(String name) {
        return unreadable.contains(name) || more && !known.containsKey(name);
    }
}
