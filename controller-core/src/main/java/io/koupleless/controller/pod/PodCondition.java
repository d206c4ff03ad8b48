package io.koupleless.controller.pod;

import java.time.Instant;

/** One entry of {@code status.conditions}. */
public record PodCondition(
        String type, boolean status, String reason, String message, Instant lastTransition) {

    public static final String READY = "Ready";
    public static final String CONTAINERS_READY = "ContainersReady";
    public static final String INITIALIZED = "Initialized";
    public static final String SCHEDULED = "PodScheduled";

    /** False when a jar calls itself otherwise than its container does. */
    public static final String MANIFEST_MATCHES = "module-controller.koupleless.io/ManifestMatches";

    /** The same, with the time of its last transition if its status is what it was before. */
    PodCondition since(PodStatus before) {
        return before.condition(type)
                .filter(old -> old.status == status)
                .map(old -> new PodCondition(type, status, reason, message, old.lastTransition))
                .orElse(this);
    }

    /** Equal in all but the time of the last transition. */
    public boolean saysTheSameAs(PodCondition other) {
        return type.equals(other.type)
                && status == other.status
                && reason.equals(other.reason)
                && message.equals(other.message);
    }
}
