package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Modules on the base that no record explains and no Pod asks for, as the policy that removes them
 * sees them: only after a grace, and a live list of the Node's Pods that was asked for after it.
 */
final class Strays {
    private final VNodeSettings settings;
    private final Map<ModuleRef, Long> since = new TreeMap<>();

    Strays(VNodeSettings settings) {
        this.settings = settings;
    }

    /**
     * Those that are there now.
     *
     * @param unknown that no record explains and no Pod on the Node asks for
     */
    Set<ModuleRef> of(Set<ModuleRef> unknown, Moment now) {
        since.keySet().retainAll(unknown);
        if (settings.orphans() == VNodeSettings.Orphans.UNINSTALL) {
            unknown.forEach(ref -> since.putIfAbsent(ref, now.nanos()));
        }
        return Set.copyOf(since.keySet());
    }

    /** Its time is over, and no living Pod was found that wants it. */
    boolean over(ModuleRef ref, Pods pods, Moment now) {
        Long from = since.get(ref);
        if (from == null) {
            return false;
        }
        long ends = from + settings.times().orphanGrace().toNanos();
        return now.reached(ends) && pods.listedWithout(ref, ends);
    }

    /** When the grace of the first that still has one ends. */
    long nextLook(Moment now) {
        return since.values().stream()
                .mapToLong(from -> from + settings.times().orphanGrace().toNanos())
                .filter(ends -> !now.reached(ends))
                .min()
                .orElse(Long.MAX_VALUE);
    }

    void baseRestarted() {
        since.clear();
    }
}
