package io.koupleless.controller.peers;

import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.vnode.Moment;
import java.time.Duration;
import java.util.Collection;
import java.util.Map;
import java.util.TreeMap;

/** The Nodes of bases, those too that went a moment ago. */
final class PeerNodes {
    private final Duration grace;
    private final Map<String, SeenNode> nodes = new TreeMap<>();

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

    /** All that there are, or were a moment ago. */
    Collection<SeenNode> known(Moment now) {
        nodes.values().removeIf(node -> node.gone() && now.reached(node.awayFor(grace, now)));
        return nodes.values();
    }

    /** It is Ready, or was a moment ago. */
    boolean takes(SeenNode node, Moment now) {
        return node.ready() || !(node.gone() || now.reached(node.awayFor(grace, now)));
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
}
