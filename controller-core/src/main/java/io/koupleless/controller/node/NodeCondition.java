package io.koupleless.controller.node;

import java.time.Instant;

/**
 * One entry of a Node's {@code status.conditions}.
 *
 * @param status {@code True}, {@code False} or, written by kube-controller-manager alone, {@code
 *     Unknown}
 */
public record NodeCondition(
        String type, String status, String reason, String message, Instant lastTransition) {

    public static final String READY = "Ready";

    /** Heartbeats come, answers do not. */
    public static final String BASE_NOT_ANSWERING = "BaseNotAnswering";

    /** Two live processes use this identity. */
    public static final String IDENTITY_CONFLICT = "IdentityConflict";

    /** Metaspace is nearly used up, or reinstalls stopped before it is. */
    public static final String METASPACE_PRESSURE = "MetaspacePressure";

    /** Modules are on the base that no record of ours explains. */
    public static final String UNKNOWN_MODULES = "UnknownModules";

    public boolean saysTheSameAs(NodeCondition other) {
        return type.equals(other.type)
                && status.equals(other.status)
                && reason.equals(other.reason)
                && message.equals(other.message);
    }

    public boolean isTrue() {
        return status.equals("True");
    }
}
