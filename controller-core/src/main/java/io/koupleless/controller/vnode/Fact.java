package io.koupleless.controller.vnode;

import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.workload.Workload;
import java.util.List;
import java.util.Optional;

/** Something that happened and concerns one virtual node. */
public sealed interface Fact {

    /** A tunnel heard this base. */
    record Heard(String tunnel, TunnelEvent.OfBase event) implements Fact {}

    /** A tunnel's own link changed. */
    record LinkChanged(String tunnel, boolean up) implements Fact {}

    /** The Pod cache has been filled once; before that an absent Pod means nothing. */
    record PodsSynced() implements Fact {}

    /** A Pod bound to this node was added or changed. */
    record PodSeen(ModulePod pod) implements Fact {}

    /** The watch no longer delivers a Pod: it is gone, or only its label is. */
    record PodUnseen(PodRef pod) implements Fact {}

    /** All workloads that want a module Pod on each Node that they match; each time all. */
    record WorkloadsSeen(List<Workload> workloads) implements Fact {}

    /** All Pods that have the base's IP and may be the one that it runs in. */
    record BasePodsSeen(List<PodOfBase> pods) implements Fact {}

    /** The Node was added, changed, or (empty) deleted. */
    record NodeSeen(Optional<ObservedNode> node) implements Fact {}

    /** An effect came to its end. */
    record Finished(Effect effect, Outcome outcome) implements Fact {}

    /** The time asked for has come. */
    record Woken() implements Fact {}
}
