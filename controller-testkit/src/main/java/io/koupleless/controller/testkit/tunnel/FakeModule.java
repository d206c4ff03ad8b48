package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;

/**
 * A module on a {@link FakeBase}.
 *
 * @param changedAt epoch milliseconds of the base's clock
 * @param reason arklet's name of the last change: {@code CREATED}, {@code STARTED}, {@code
 *     INSTALL_FAILED}
 */
public record FakeModule(
        ModuleRef ref, ModuleState state, long changedAt, String reason, String message) {}
