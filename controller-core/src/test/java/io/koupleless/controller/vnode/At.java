package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import java.time.Duration;
import java.time.Instant;

/** Moments and a module for table tests. */
final class At {
    static final ModuleRef BIZ = new ModuleRef("biz1", "1.0.0");
    static final VNodeSettings.Times TIMES = VNodeSettings.Times.defaults();
    static final Instant WALL = Instant.parse("2026-03-01T08:00:00Z");
    private static final long START = Duration.ofDays(2).toNanos();

    private At() {}

    static Moment seconds(double seconds) {
        long nanos = (long) (seconds * 1e9);
        return new Moment(START + nanos, WALL.plusNanos(nanos));
    }

    static long nanos(double seconds) {
        return seconds(seconds).nanos();
    }
}
