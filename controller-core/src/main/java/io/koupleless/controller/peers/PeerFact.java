package io.koupleless.controller.peers;

import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;

/** Something that happened and concerns the replicas of peer Deployments. */
public sealed interface PeerFact {

    /** Added or changed; of what is no peer Deployment nobody keeps the number. */
    record WorkloadSeen(Workload workload) implements PeerFact {}

    /** It is gone, or no longer ours to scale. */
    record WorkloadUnseen(Workload last) implements PeerFact {}

    record AutoscalerSeen(Autoscaler autoscaler) implements PeerFact {}

    record AutoscalerUnseen(Autoscaler autoscaler) implements PeerFact {}

    record NodeSeen(ObservedNode node) implements PeerFact {}

    record NodeUnseen(String name) implements PeerFact {}

    record PodSeen(ModulePod pod) implements PeerFact {}

    record PodUnseen(String node, PodRef pod) implements PeerFact {}

    /** All that was there when this watch began has been told. */
    record Synced(Watch watch) implements PeerFact {}

    /** What has to be known before anything is scaled down. */
    enum Watch {
        WORKLOADS,
        NODES,
        PODS
    }

    /** An effect came to its end. */
    record Finished(PeerEffect effect, Outcome outcome) implements PeerFact {}

    /** This controller is about to end. */
    record Stopping() implements PeerFact {}

    /** The time asked for has come. */
    record Woken() implements PeerFact {}
}
