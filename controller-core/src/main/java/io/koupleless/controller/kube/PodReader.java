package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.pod.Deletion;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodReadinessGate;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads a Pod as far as we care; whatever is missing in it, never fails. */
final class PodReader {
    private static final Duration GRACE = Duration.ofSeconds(30);

    private PodReader() {}

    static ModulePod read(V1Pod pod) {
        V1ObjectMeta metadata = Objects.requireNonNullElseGet(pod.getMetadata(), V1ObjectMeta::new);
        V1PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), V1PodSpec::new);
        Map<String, String> labels = Objects.requireNonNullElse(metadata.getLabels(), Map.of());
        Optional<PodOwner> owner = PodTermsReader.owner(metadata);
        Optional<String> refusal = PodTermsReader.refusal(owner, spec);
        return new ModulePod(
                new PodRef(
                        text(metadata.getNamespace()),
                        text(metadata.getName()),
                        text(metadata.getUid())),
                text(spec.getNodeName()),
                labelled(labels),
                text(metadata.getResourceVersion()),
                WireTime.read(metadata.getCreationTimestamp()),
                Objects.requireNonNullElse(spec.getPriority(), 0),
                metadata.getDeletionTimestamp() != null,
                revision(labels),
                restartPolicy(spec.getRestartPolicy()),
                list(spec.getReadinessGates()).stream()
                        .map(V1PodReadinessGate::getConditionType)
                        .filter(Objects::nonNull)
                        .toList(),
                ContainerReader.read(pod, spec, refusal, grace(spec)),
                PodTermsReader.read(owner, spec),
                PodStatusReader.read(pod.getStatus()),
                deletion(metadata));
    }

    private static Duration grace(V1PodSpec spec) {
        Long seconds = spec.getTerminationGracePeriodSeconds();
        return seconds == null ? GRACE : Duration.ofSeconds(Math.max(1, seconds));
    }

    private static Optional<Deletion> deletion(V1ObjectMeta metadata) {
        Long grace = metadata.getDeletionGracePeriodSeconds();
        return WireTime.find(metadata.getDeletionTimestamp())
                .map(by ->
                        new Deletion(
                                by, Duration.ofSeconds(Objects.requireNonNullElse(grace, 0L))));
    }

    /**
     * @param allAreModules a Pod counts as a module's without our label too
     */
    static Function<V1Pod, ModulePod> reader(boolean allAreModules) {
        return allAreModules ? pod -> read(pod).relabelled() : PodReader::read;
    }

    static boolean labelled(Map<String, String> labels) {
        return Labels.COMPONENT_MODULE.equals(labels.get(Labels.COMPONENT))
                || Labels.COMPONENT_MODULE.equals(labels.get(Labels.COMPONENT_OF_DOCS));
    }

    private static String revision(Map<String, String> labels) {
        String template = labels.get(Labels.POD_TEMPLATE_HASH);
        return template != null ? template : text(labels.get(Labels.CONTROLLER_REVISION_HASH));
    }

    private static ModulePod.RestartPolicy restartPolicy(@Nullable String policy) {
        return switch (text(policy)) {
            case "Never" -> ModulePod.RestartPolicy.NEVER;
            case "OnFailure" -> ModulePod.RestartPolicy.ON_FAILURE;
            default -> ModulePod.RestartPolicy.ALWAYS;
        };
    }

    static String text(@Nullable String value) {
        return value == null ? "" : value;
    }

    static <T> List<T> list(@Nullable List<T> values) {
        return values == null ? List.of() : values;
    }
}
