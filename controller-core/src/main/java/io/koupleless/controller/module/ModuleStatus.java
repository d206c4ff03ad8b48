package io.koupleless.controller.module;

import java.time.Instant;
import java.util.Optional;

/**
 * One module as a base reports it.
 *
 * @param ref what is really installed (from the jar's manifest)
 * @param state its state
 * @param changedAt the base's own clock, when it says
 * @param message the base's words on the last change, often empty; for a failed start a whole stack
 *     trace
 */
public record ModuleStatus(
        ModuleRef ref, ModuleState state, Optional<Instant> changedAt, String message) {
    public static ModuleStatus of(ModuleRef ref, ModuleState state) {
        return new ModuleStatus(ref, state, Optional.empty(), "");
    }
}
