package io.koupleless.controller.tunnel.mqtt;

import java.time.Duration;

/** How long to wait before an attempt: doubling up to a cap, half of it at random. */
final class ReconnectDelay {
    private static final long FIRST_MILLIS = 500;
    private static final int MAX_DOUBLINGS = 20;

    private ReconnectDelay() {}

    /**
     * @param failures attempts that failed in a row, from 1
     * @param random from 0 to 1
     */
    static Duration after(int failures, Duration max, double random) {
        long doubled = FIRST_MILLIS << Math.min(failures - 1, MAX_DOUBLINGS);
        long capped = Math.min(doubled, max.toMillis());
        return Duration.ofMillis(capped / 2 + (long) (capped / 2.0 * random));
    }
}
