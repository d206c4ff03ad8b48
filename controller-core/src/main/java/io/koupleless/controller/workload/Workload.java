package io.koupleless.controller.workload;

import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOwner;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * What wants one module Pod on each Node that it matches.
 *
 * @param replicas as its spec says; of no meaning for a DaemonSet
 * @param modules of its Pods
 */
public record Workload(
        Kind kind,
        WorkloadRef ref,
        String resourceVersion,
        Instant createdAt,
        int replicas,
        Placement placement,
        List<ModuleContainer.Module> modules) {

    /** What it is to Kubernetes. */
    public enum Kind {
        /** A Deployment with as many replicas as Nodes match. */
        PEER_DEPLOYMENT("Deployment"),
        DAEMON_SET("DaemonSet");

        private final String inKubernetes;

        Kind(String inKubernetes) {
            this.inKubernetes = inKubernetes;
        }

        public String inKubernetes() {
            return inKubernetes;
        }
    }

    /** Oldest first; the uid settles those of one second. */
    public static final Comparator<Workload> BY_AGE =
            Comparator.comparing(Workload::createdAt).thenComparing(w -> w.ref().uid());

    public Workload {
        modules = List.copyOf(modules);
    }

    /** The same as our own write left it. */
    public Workload scaled(int next, String version) {
        return new Workload(kind, ref, version, createdAt, next, placement, modules);
    }

    /** Whether a Pod of that kind comes to this Node as soon as somebody makes one. */
    public boolean wants(NodeShape node) {
        return placement.mayCome(node);
    }

    /** Whether this Pod is one of its own. */
    public boolean made(ModulePod pod) {
        return pod.ref().namespace().equals(ref.namespace())
                && pod.terms().owner().filter(owner -> isOurs(owner, pod.revision())).isPresent();
    }

    /** A Deployment's Pods are its ReplicaSets', which it names by the hash of the template. */
    private boolean isOurs(PodOwner owner, String revision) {
        return switch (kind) {
            case PEER_DEPLOYMENT ->
                    owner.isReplicaSet() && owner.name().equals(ref.name() + "-" + revision);
            case DAEMON_SET -> owner.uid().equals(ref.uid());
        };
    }
}
