package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.work.Ticker;
import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V2CrossVersionObjectReference;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Watches peer Deployments, DaemonSets of modules, and what scales Deployments by itself. */
public final class WorkloadInformers implements AutoCloseable {

    /**
     * What there is to know; each needs its right to list and watch.
     *
     * @param peers peer Deployments, and what scales Deployments by itself
     * @param daemonSets those of modules
     */
    public record Scope(boolean peers, boolean daemonSets) {}

    private final WorkloadListener listener;
    private final List<Feed<?>> feeds = new ArrayList<>();
    private int unsynced;

    public WorkloadInformers(
            KubeClients clients,
            String env,
            Scope scope,
            Ticker ticker,
            WorkloadListener listener) {
        this.listener = listener;
        WorkloadReader reader = new WorkloadReader(env);
        ApiPath deployments =
                ApiPath.DEPLOYMENTS.with(
                        "labelSelector", Labels.COMPONENT + "=" + Labels.COMPONENT_DEPLOYMENT);
        if (scope.peers()) {
            feeds.add(
                    new Feed<>(
                            clients,
                            new Source<>(
                                    "deployments",
                                    deployments,
                                    V1Deployment.class,
                                    d -> Found.of(d.getMetadata(), reader.deployment(d))),
                            ticker,
                            workloads()));
            feeds.add(
                    new Feed<>(
                            clients,
                            new Source<>(
                                    "autoscalers",
                                    ApiPath.AUTOSCALERS,
                                    V2HorizontalPodAutoscaler.class,
                                    a -> Found.of(a.getMetadata(), autoscaler(a))),
                            ticker,
                            new FoundOnes<>(
                                    listener::autoscalerSeen,
                                    listener::autoscalerUnseen,
                                    this::oneSynced)));
        }
        if (scope.daemonSets()) {
            feeds.add(
                    new Feed<>(
                            clients,
                            new Source<>(
                                    "daemonsets",
                                    ApiPath.DAEMON_SETS,
                                    V1DaemonSet.class,
                                    d -> Found.of(d.getMetadata(), reader.daemonSet(d))),
                            ticker,
                            workloads()));
        }
        this.unsynced = feeds.size();
    }

    private FoundOnes<Workload> workloads() {
        return new FoundOnes<>(listener::workloadSeen, listener::workloadUnseen, this::oneSynced);
    }

    private static Optional<Autoscaler> autoscaler(V2HorizontalPodAutoscaler object) {
        if (object.getSpec() == null || object.getMetadata() == null) {
            return Optional.empty();
        }
        V2CrossVersionObjectReference target = object.getSpec().getScaleTargetRef();
        return "Deployment".equals(target.getKind())
                ? Optional.of(
                        new Autoscaler(
                                PodReader.text(object.getMetadata().getNamespace()),
                                PodReader.text(object.getMetadata().getName()),
                                PodReader.text(target.getName())))
                : Optional.empty();
    }

    public void start() {
        feeds.forEach(Feed::start);
    }

    @Override
    public void close() {
        feeds.forEach(Feed::close);
    }

    private synchronized void oneSynced() {
        unsynced--;
        if (unsynced == 0) {
            listener.synced();
        }
    }
}
