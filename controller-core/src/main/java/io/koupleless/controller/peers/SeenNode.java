package io.koupleless.controller.peers;

import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.workload.NodeShape;
import java.time.Duration;
import java.util.OptionalLong;

/**
 * A Node of a base, as far as peers care.
 *
 * @param gone it was deleted; its Pods may be there still
 * @param notReadySince monotonic; empty for one that was not Ready when it was first seen
 */
record SeenNode(NodeShape shape, boolean ready, boolean gone, OptionalLong notReadySince) {

    static SeenNode first(ObservedNode node) {
        return new SeenNode(shape(node), isReady(node), false, OptionalLong.empty());
    }

    SeenNode next(ObservedNode node, Moment now) {
        boolean readyNow = isReady(node);
        OptionalLong since =
                readyNow
                        ? OptionalLong.empty()
                        : ready ? OptionalLong.of(now.nanos()) : notReadySince;
        return new SeenNode(shape(node), readyNow, false, since);
    }

    SeenNode deleted(Moment now) {
        return new SeenNode(shape, false, true, OptionalLong.of(now.nanos()));
    }

    /** When it has been away for as long as that; now, if nobody knows since when it is. */
    long awayFor(Duration time, Moment now) {
        return notReadySince.isPresent() ? notReadySince.getAsLong() + time.toNanos() : now.nanos();
    }

    private static NodeShape shape(ObservedNode node) {
        return NodeShape.of(node).onceReady();
    }

    private static boolean isReady(ObservedNode node) {
        return node.status().conditions().stream()
                .anyMatch(c -> c.type().equals(NodeCondition.READY) && c.isTrue());
    }
}
