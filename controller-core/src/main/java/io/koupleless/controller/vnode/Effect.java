package io.koupleless.controller.vnode;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.Target;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.tunnel.Command;
import java.time.Duration;
import java.util.Optional;

/**
 * Something to be done for one virtual node. Each is run without blocking the node and comes back
 * as {@link Fact.Finished}, but for {@link Words}, {@link Count} and {@link Retire}, which come
 * back as nothing.
 */
public sealed interface Effect {

    /** Goes to the base, not to Kubernetes. */
    sealed interface OfBase extends Effect {}

    /**
     * Send a command over a tunnel.
     *
     * @param fenceNanos it must not leave at or after this monotonic instant
     */
    record Send(String tunnel, Command command, Duration timeToLive, long fenceNanos)
            implements OfBase {}

    record ReadLease() implements Effect {}

    record WriteLease(LeaseWrite write) implements Effect {}

    record DeleteLease() implements Effect {}

    record ReadRecord() implements Effect {}

    /** Creates the record when {@code resourceVersion} is empty. */
    record WriteRecord(BaseRecord record, Optional<String> resourceVersion) implements Effect {}

    /** Stamps the record as one whose Node is gone, so that it is swept later. */
    record ExpireRecord() implements Effect {}

    /**
     * @param hostName becomes {@code kubernetes.io/hostname} if no other Node has it, else the Node
     *     name does
     */
    record CreateNode(NodeSpec spec, NodeStatus status, String hostName) implements Effect {}

    /** Labels, annotations and our taints; those of others are kept. */
    record PatchNodeSpec(NodeSpec spec, ObservedNode observed) implements Effect {}

    record PatchNodeStatus(NodeStatus status) implements Effect {}

    /** With both preconditions. */
    record DeleteNode(String uid, String resourceVersion) implements Effect {}

    /**
     * Only our conditions are written.
     *
     * @param observedIp a changed {@code podIP} needs a patch of its own
     */
    record PatchPodStatus(PodRef pod, PodStatus status, String observedIp) implements Effect {}

    /**
     * The readiness gate of the Pod that the base runs in, and nothing else of its status.
     *
     * @param turns it was the other way round before, or not there
     */
    record PatchBasePod(PodRef pod, boolean open, boolean turns, String reason, String message)
            implements Effect {}

    /** Grace period 0, with the uid as precondition. */
    record DeletePod(PodRef pod) implements Effect {}

    /** A live read by namespace, name and uid. */
    record ReadPod(PodRef pod) implements Effect {}

    /**
     * Ask a module how it is.
     *
     * @param id tells it from all others of this Node
     * @param timeout for the whole of it
     */
    record Probe(long id, Target target, Duration timeout) implements OfBase {}

    /** Call the preStop hook of a container. */
    record CallHook(String uid, String container, Target target, Duration timeout)
            implements OfBase {}

    /** Every Pod bound to the Node, labelled or not. */
    record ReadPods() implements Effect {}

    /** A Kubernetes Event: words to people, after which nothing follows. */
    sealed interface Words extends Effect {
        String reason();

        String message();
    }

    /** On a Pod, or on the Node when {@code pod} is empty. */
    record Tell(Optional<PodRef> pod, boolean warning, String reason, String message)
            implements Words {}

    /**
     * A warning that holds for every Pod of this owner: on the owner, once, however many of its
     * Pods say the same on however many Nodes; on the Pod if nobody owns it.
     */
    record TellOwner(PodRef pod, Optional<PodOwner> owner, String reason, String message)
            implements Words {}

    /** Something went wrong with a module; for metrics. */
    record Count(FailureCode code) implements Effect {}

    /** This virtual node is over. */
    record Retire() implements Effect {}
}
