package io.koupleless.controller.peers;

import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The Nodes of bases, those too that went a moment ago, and the module Pods on them. */
final class PeerNodes {
    private final Duration grace;
    private final Map<String, SeenNode> nodes = new TreeMap<>();
    private final Map<String, ModulePod> pods = new TreeMap<>();

    /**
     * @param grace for so long a Node that is not Ready, or gone, may come back
     */
    PeerNodes(Duration grace) {
        this.grace = grace;
    }

    /** True when it may change a number. */
    boolean seen(ObservedNode node, Moment now) {
        SeenNode known = nodes.get(node.name());
        SeenNode next = known == null ? SeenNode.first(node) : known.next(node, now);
        nodes.put(node.name(), next);
        return !next.equals(known);
    }

    void unseen(String name, Moment now) {
        nodes.computeIfPresent(name, (_, known) -> known.deleted(now));
    }

    /** True when it may change a number. */
    boolean seen(ModulePod pod) {
        if (pod.terminating() || pod.status().phase().terminal()) {
            return pods.remove(pod.ref().uid()) != null;
        }
        return pods.put(pod.ref().uid(), pod) == null;
    }

    boolean unseen(PodRef pod) {
        return pods.remove(pod.uid()) != null;
    }

    /** All that there are, or were a moment ago. */
    Collection<SeenNode> known(Moment now) {
        nodes.values().removeIf(node -> node.gone() && now.reached(node.awayFor(grace, now)));
        return nodes.values();
    }

    /** Those that are Ready, or were a moment ago. */
    List<SeenNode> counting(Moment now) {
        return known(now).stream()
                .filter(node -> node.ready() || !now.reached(node.awayFor(grace, now)))
                .toList();
    }

    /** When the next grace ends. */
    long nextLook(Moment now) {
        return nodes.values().stream()
                .filter(node -> !node.ready())
                .mapToLong(node -> node.awayFor(grace, now))
                .filter(end -> !now.reached(end))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    boolean runs(Workload deployment, SeenNode node) {
        return pods.values().stream()
                .anyMatch(
                        pod -> pod.nodeName().equals(node.shape().name()) && deployment.made(pod));
    }
}
