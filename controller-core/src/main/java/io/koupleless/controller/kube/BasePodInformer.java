package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodReadinessGate;
import io.kubernetes.client.openapi.models.V1PodSpec;
import io.kubernetes.client.openapi.models.V1PodStatus;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Watches the Pods that bases run in, over whatever tunnel those are reached. */
public final class BasePodInformer implements AutoCloseable {
    private final Feed<Found<PodOfBase>> feed;

    /**
     * @param selector of labels, as kubectl takes it
     */
    public BasePodInformer(
            KubeClients clients, String selector, Ticker ticker, BasePodListener listener) {
        ApiPath selected = ApiPath.PODS.with("labelSelector", selector);
        this.feed =
                new Feed<>(
                        clients,
                        new Source<>(
                                "Pods of bases",
                                selected,
                                V1Pod.class,
                                pod -> Found.of(pod.getMetadata(), read(pod))),
                        ticker,
                        new FoundOnes<>(listener::basePodSeen, listener::basePodUnseen, () -> {}));
    }

    /** Empty for one that has no address, has ended, or runs modules. */
    static Optional<PodOfBase> read(V1Pod pod) {
        V1ObjectMeta metadata = Objects.requireNonNullElseGet(pod.getMetadata(), V1ObjectMeta::new);
        V1PodSpec spec = Objects.requireNonNullElseGet(pod.getSpec(), V1PodSpec::new);
        V1PodStatus status = Objects.requireNonNullElseGet(pod.getStatus(), V1PodStatus::new);
        String ip = BasePodReader.ip(status);
        boolean modules = BasePodReader.onVirtualNode(spec) || PodReader.labelled(labels(metadata));
        if (!"Running".equals(status.getPhase()) || ip.isEmpty() || modules) {
            return Optional.empty();
        }
        String hostName = PodReader.text(spec.getHostname());
        String name = PodReader.text(metadata.getName());
        return Optional.of(
                new PodOfBase(
                        new PodRef(
                                PodReader.text(metadata.getNamespace()),
                                name,
                                PodReader.text(metadata.getUid())),
                        ip,
                        hostName.isEmpty() ? name : hostName,
                        metadata.getDeletionTimestamp() != null,
                        PodReader.list(spec.getReadinessGates()).stream()
                                .map(V1PodReadinessGate::getConditionType)
                                .anyMatch(Labels.MODULES_READY::equals),
                        PodReader.list(status.getConditions()).stream()
                                .filter(c -> Labels.MODULES_READY.equals(c.getType()))
                                .map(V1PodCondition::getStatus)
                                .anyMatch("True"::equals)));
    }

    private static Map<String, String> labels(V1ObjectMeta metadata) {
        return Objects.requireNonNullElse(metadata.getLabels(), Map.of());
    }

    public void start() {
        feed.start();
    }

    @Override
    public void close() {
        feed.close();
    }
}
