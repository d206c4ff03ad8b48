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
 * @param unknownModules {@code name:version} of modules that no record explains
 */
public record BaseFacts(
        Base base,
        Optional<BaseHealth> health,
        String tunnel,
        Readiness readiness,
        boolean notAnswering,
        boolean identityConflict,
        boolean metaspacePressure,
        List<String> unknownModules) {

    public record Readiness(boolean ready, String reason, String message) {}

    public BaseFacts {
        unknownModules = List.copyOf(unknownModules);
    }
}
