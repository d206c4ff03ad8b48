package io.koupleless.controller.tunnel.http;

import java.time.Duration;

/** How long to wait before the next attempt: growing up to a cap, half of it at random. */
record Pause(Duration first, double growth, Duration most) {

    /**
     * @param failures in a row, from 1
     * @param random from 0 to 1
     */
    long nanos(int failures, double random) {
        double grown = (double) first.toNanos() * Math.pow(growth, failures - 1.0);
        double capped = Math.min(grown, (double) most.toNanos());
        return (long) (capped / 2 + capped / 2 * random);
    }
}
