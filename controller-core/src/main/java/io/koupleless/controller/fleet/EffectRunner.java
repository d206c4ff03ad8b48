package io.koupleless.controller.fleet;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;

/** Does what a virtual node asks of Kubernetes; blocks, never throws. */
@FunctionalInterface
public interface EffectRunner {
    Outcome run(NodeName node, Effect effect);
}
