package io.koupleless.controller.base;

import io.koupleless.controller.module.ModuleRef;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The part of a base's health answer that we use; empty where the base does not say.
 *
 * @param masterState state of the master biz, lower or upper case as sent; null when not sent
 * @param master the base's own biz, which is never a target
 * @param uptime {@code run time(s)}: how long the JVM has been running
 * @param usedMetaspace bytes
 * @param committedMetaspace bytes
 * @param maxMetaspace bytes; empty when unlimited (-1 on the wire)
 * @param cpuCount processors the JVM sees
 * @param javaVersion e.g. {@code 17.0.15}
 * @param contextPaths {@code webContextPath} of each module, as the base spells it
 */
public record BaseHealth(
        @Nullable String masterState,
        Optional<ModuleRef> master,
        Optional<Duration> uptime,
        OptionalLong usedMetaspace,
        OptionalLong committedMetaspace,
        OptionalLong maxMetaspace,
        OptionalLong cpuCount,
        Optional<String> javaVersion,
        Map<ModuleRef, String> contextPaths) {

    public BaseHealth {
        contextPaths = Map.copyOf(contextPaths);
    }

    /** Of a base that names no context paths. */
    public BaseHealth(
            @Nullable String masterState,
            Optional<ModuleRef> master,
            Optional<Duration> uptime,
            OptionalLong usedMetaspace,
            OptionalLong committedMetaspace,
            OptionalLong maxMetaspace,
            OptionalLong cpuCount,
            Optional<String> javaVersion) {
        this(
                masterState,
                master,
                uptime,
                usedMetaspace,
                committedMetaspace,
                maxMetaspace,
                cpuCount,
                javaVersion,
                Map.of());
    }

    /** True unless the base itself says that it is anything but activated. */
    public boolean active() {
        return masterState == null || masterState.equalsIgnoreCase("ACTIVATED");
    }
}
