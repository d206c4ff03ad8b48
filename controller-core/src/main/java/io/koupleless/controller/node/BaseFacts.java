package io.koupleless.controller.node;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import java.util.List;
import java.util.Optional;

/**
 * All that a Node shows of its base.
 *
 * @param tunnel name of the tunnel that it is reached over
 * @param readiness why the Node is Ready or not
 * @param leaving its process is about to end
 * @param metaspacePressure what it is, or the empty text
 * @param unknownModules {@code name:version} of modules that no record explains
 */
public record BaseFacts(
        Base base,
        Optional<BaseHealth> health,
        String tunnel,
        Readiness readiness,
        boolean notAnswering,
        boolean identityConflict,
        boolean leaving,
        String metaspacePressure,
        List<String> unknownModules) {

    /** Why a Node is not Ready when it is born, whatever has been heard by then. */
    public static final Readiness NOT_PROBED =
            new Readiness(false, "BaseNotProbed", "the base has not answered yet");

    /** The same base as its Node is born. */
    public BaseFacts unprobed() {
        return new BaseFacts(
                base,
                health,
                tunnel,
                NOT_PROBED,
                notAnswering,
                identityConflict,
                leaving,
                metaspacePressure,
                unknownModules);
    }

    public record Readiness(boolean ready, String reason, String message) {}

    public BaseFacts {
        unknownModules = List.copyOf(unknownModules);
    }
}
