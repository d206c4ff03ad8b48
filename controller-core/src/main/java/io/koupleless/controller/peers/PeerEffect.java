package io.koupleless.controller.peers;

import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.workload.Workload;

/** Something to be done about peer Deployments. */
public sealed interface PeerEffect {

    /**
     * Our Lease.
     *
     * @param effect read or write
     */
    record OnLease(Effect effect) implements PeerEffect {}

    /**
     * Set the replicas, if the Deployment is still in this version.
     *
     * @param fenceNanos it must not leave at or after this monotonic instant
     */
    record Scale(Workload deployment, int replicas, long fenceNanos) implements PeerEffect {}

    /** A Kubernetes Event on the Deployment; comes back as nothing. */
    record Tell(Workload deployment, boolean warning, String reason, String message)
            implements PeerEffect {}
}
