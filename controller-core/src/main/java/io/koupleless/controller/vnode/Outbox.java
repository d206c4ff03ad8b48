package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Collects the effects of one step and the time of the next look. */
final class Outbox {
    private final List<Effect> effects = new ArrayList<>();
    private long wakeAt = Long.MAX_VALUE;

    void add(Effect effect) {
        effects.add(effect);
    }

    /** A warning on a Pod, or on the Node if it is nobody's. */
    void warn(PodRef pod, String reason, String message) {
        effects.add(new Effect.Tell(somebody(pod), true, reason, message));
    }

    /** A warning that is told once for all Pods of its owner. */
    void warnOwner(ModulePod pod, String reason, String message) {
        effects.add(new Effect.TellOwner(pod.ref(), pod.terms().owner(), reason, message));
    }

    /** News of a Pod, or of the Node if it is nobody's. */
    void tell(PodRef pod, String reason, String message) {
        effects.add(new Effect.Tell(somebody(pod), false, reason, message));
    }

    /** What concerns a Pod that is still to come is told of the Node. */
    private static Optional<PodRef> somebody(PodRef pod) {
        return pod.isNobody() ? Optional.empty() : Optional.of(pod);
    }

    void warnOnNode(String reason, String message) {
        effects.add(new Effect.Tell(Optional.empty(), true, reason, message));
    }

    void wake(long at) {
        wakeAt = Math.min(wakeAt, at);
    }

    List<Effect> effects() {
        return List.copyOf(effects);
    }

    long wakeAt() {
        return wakeAt;
    }
}
