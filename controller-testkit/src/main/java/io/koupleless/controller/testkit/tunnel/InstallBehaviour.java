package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.module.ModuleRef;
import java.time.Duration;

/** What happens when a {@link FakeBase} installs from a certain URL. */
public sealed interface InstallBehaviour {

    /** The module starts, after that time. */
    record Starts(Duration after) implements InstallBehaviour {}

    /** The module starts, but its jar says another name or version than the request. */
    record StartsAs(ModuleRef ref) implements InstallBehaviour {}

    /** The module's own code throws while starting. */
    record FailsToStart(Duration after, String cause) implements InstallBehaviour {}

    /** The jar cannot be had: {@code java.io.FileNotFoundException: /nope/x.jar (...)}. */
    record CannotBePulled(String message) implements InstallBehaviour {}

    /** The jar's server never answers; one of the base's workers is gone. */
    record Hangs() implements InstallBehaviour {}

    static InstallBehaviour starts() {
        return new Starts(Duration.ZERO);
    }
}
