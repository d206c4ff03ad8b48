package io.koupleless.controller.vnode;

import java.time.Duration;
import java.time.Instant;

/**
 * Now, on both clocks.
 *
 * @param nanos monotonic; decides
 * @param wall stamps
 */
public record Moment(long nanos, Instant wall) {

    public boolean reached(long deadline) {
        return nanos - deadline >= 0;
    }

    public long plus(Duration duration) {
        return nanos + duration.toNanos();
    }

    public Duration since(long earlier) {
        return Duration.ofNanos(nanos - earlier);
    }
}
