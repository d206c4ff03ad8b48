package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleState;
import java.util.Map;

/**
 * A virtual node at one instant, for people and metrics.
 *
 * @param trust how far the base is trusted to be there
 * @param leased whether we hold its Lease
 * @param modules how many of its modules are in each state
 * @param unanswered commands without an answer
 */
public record Snapshot(
        String trust, boolean leased, Map<ModuleState, Integer> modules, int unanswered) {
    public static final Snapshot EMPTY = new Snapshot("UNPROBED", false, Map.of(), 0);

    public Snapshot {
        modules = Map.copyOf(modules);
    }
}
