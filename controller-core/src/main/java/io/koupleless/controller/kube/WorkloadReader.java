package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.node.LabelValue;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.workload.Placement;
import io.koupleless.controller.workload.Workload;
import io.koupleless.controller.workload.WorkloadRef;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1DaemonSetSpec;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1DeploymentSpec;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodTemplateSpec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads which workloads of our environment want a module Pod on each Node; others are empty. */
final class WorkloadReader {
    private final String env;

    WorkloadReader(String env) {
        this.env = env;
    }

    /** A peer Deployment whose replicas are ours to set. */
    Optional<Workload> deployment(V1Deployment deployment) {
        V1ObjectMeta metadata = metadata(deployment.getMetadata());
        V1DeploymentSpec spec =
                Objects.requireNonNullElseGet(deployment.getSpec(), V1DeploymentSpec::new);
        Map<String, String> labels = labels(metadata);
        boolean peer =
                Labels.STRATEGY_PEER.equals(labels.get(Labels.STRATEGY))
                        || Labels.STRATEGY_PEER.equals(labels.get(Labels.STRATEGY_OF_SAMPLES));
        boolean optedOut = "true".equals(labels.get(Labels.REPLICAS_CONTROL));
        if (!peer || optedOut) {
            return Optional.empty();
        }
        Placement placement = placement(spec.getTemplate());
        // The predecessor counted bases by this label; Pods that select less still are meant so.
        String cluster = text(labels.get(Labels.BASE_CLUSTER_NAME));
        Placement narrowed = cluster.isEmpty() ? placement : ofCluster(placement, cluster);
        return workload(
                Workload.Kind.PEER_DEPLOYMENT,
                metadata,
                Objects.requireNonNullElse(spec.getReplicas(), 1),
                narrowed,
                spec.getTemplate());
    }

    private static Placement ofCluster(Placement placement, String cluster) {
        Map<String, String> selector = new HashMap<>(placement.nodeSelector());
        selector.putIfAbsent(Labels.BASE_CLUSTER_NAME, cluster);
        return new Placement(
                placement.nodeName(), selector, placement.required(), placement.tolerations());
    }

    /** A DaemonSet of modules. */
    Optional<Workload> daemonSet(V1DaemonSet set) {
        V1DaemonSetSpec spec = Objects.requireNonNullElseGet(set.getSpec(), V1DaemonSetSpec::new);
        return workload(
                Workload.Kind.DAEMON_SET,
                metadata(set.getMetadata()),
                0,
                placement(spec.getTemplate()).ofDaemon(),
                spec.getTemplate());
    }

    private Optional<Workload> workload(
            Workload.Kind kind,
            V1ObjectMeta metadata,
            int replicas,
            Placement placement,
            V1PodTemplateSpec template) {
        boolean ofModules = PodReader.labelled(labels(metadata(template.getMetadata())));
        if (!ofModules
                || metadata.getDeletionTimestamp() != null
                || !isOfOurEnv(labels(metadata), placement)) {
            return Optional.empty();
        }
        return Optional.of(
                new Workload(
                        kind,
                        new WorkloadRef(
                                text(metadata.getNamespace()),
                                text(metadata.getName()),
                                text(metadata.getUid())),
                        text(metadata.getResourceVersion()),
                        WireTime.read(metadata.getCreationTimestamp()),
                        replicas,
                        placement,
                        modules(template)));
    }

    /** Without the label it is ours only if its Pods say so by name: two would set its replicas. */
    private boolean isOfOurEnv(Map<String, String> labels, Placement placement) {
        String label = labels.get(Labels.ENV);
        return label == null
                ? placement.names(new Taint(Labels.TAINT_ENV, env, Taint.NO_EXECUTE))
                : label.equals(LabelValue.of(env));
    }

    private static Placement placement(V1PodTemplateSpec template) {
        return PlacementReader.read(spec(template));
    }

    private static List<ModuleContainer.Module> modules(V1PodTemplateSpec template) {
        V1Pod first = new V1Pod().metadata(template.getMetadata()).spec(template.getSpec());
        return PodReader.read(first).containers().stream()
                .map(ModuleContainer::wanted)
                .filter(ModuleContainer.Module.class::isInstance)
                .map(ModuleContainer.Module.class::cast)
                .toList();
    }

    private static V1PodSpec spec(V1PodTemplateSpec template) {
        return Objects.requireNonNullElseGet(template.getSpec(), V1PodSpec::new);
    }

    private static V1ObjectMeta metadata(@Nullable V1ObjectMeta said) {
        return Objects.requireNonNullElseGet(said, V1ObjectMeta::new);
    }

    private static Map<String, String> labels(V1ObjectMeta metadata) {
        return Objects.requireNonNullElse(metadata.getLabels(), Map.of());
    }
}
