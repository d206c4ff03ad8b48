package io.koupleless.controller.fleet;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.ObservedNode;
import java.util.Optional;

/** The caches, as a new virtual node needs them. */
public interface Caches {
    /** Tells the Pod listener again of each Pod on this Node, in order with all other news. */
    void replay(NodeName node);

    /** The Node as watched. */
    Optional<ObservedNode> node(NodeName name);

    /** Every Pod that was there at the start has been told. */
    boolean synced();
}
