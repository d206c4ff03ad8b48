package io.koupleless.controller.kube;

import io.koupleless.controller.node.ObservedNode;

/** Hears of the Nodes of our environment; marks and returns, in order, never at once. */
public interface NodeListener {
    void nodeSeen(ObservedNode node);

    /** Deleted, or no longer labelled as ours. */
    void nodeUnseen(String name);

    /** Every Node that was there at the start has been seen; once. */
    void synced();
}
