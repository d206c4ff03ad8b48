package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.list;
import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.node.Labels;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1OwnerReference;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The name of a base whose Pod does not tell it: one that all replicas share, and all releases. */
final class BasePodName {
    private BasePodName() {}

    /** The application's label, else the workload's name, else the Pod's. */
    static String of(V1ObjectMeta metadata) {
        Map<String, String> labels = Objects.requireNonNullElse(metadata.getLabels(), Map.of());
        String hash = text(labels.get(Labels.POD_TEMPLATE_HASH));
        return Stream.of(
                        text(labels.get(Labels.APP_NAME)),
                        withoutEnd(owner(metadata), hash),
                        withoutEnd(withoutEnd(text(metadata.getGenerateName()), ""), hash),
                        text(metadata.getName()))
                .filter(name -> !name.isEmpty())
                .findFirst()
                .orElse("");
    }

    /** The owner of a static Pod is the machine that it runs on. */
    private static String owner(V1ObjectMeta metadata) {
        return list(metadata.getOwnerReferences()).stream()
                .filter(owner -> Boolean.TRUE.equals(owner.getController()))
                .filter(owner -> !"Node".equals(owner.getKind()))
                .map(V1OwnerReference::getName)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse("");
    }

    private static String withoutEnd(String name, String hash) {
        String end = "-" + hash;
        return name.endsWith(end) ? name.substring(0, name.length() - end.length()) : name;
    }
}
