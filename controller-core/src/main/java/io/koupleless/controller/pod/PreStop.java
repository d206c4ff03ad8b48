package io.koupleless.controller.pod;

import java.time.Duration;

/** What happens before a module is uninstalled because its Pod or its run ends. */
public sealed interface PreStop {
    record Sleep(Duration time) implements PreStop {}

    /** Any answer ends the waiting. */
    record Call(Check.HttpGet check) implements PreStop {}
}
