package io.koupleless.controller.pod;

import java.time.Duration;
import java.time.Instant;

/**
 * Somebody asked for the end of a Pod.
 *
 * @param by {@code deletionTimestamp}: when it has to be over
 * @param grace {@code deletionGracePeriodSeconds}
 */
public record Deletion(Instant by, Duration grace) {
    public Instant askedAt() {
        return by.minus(grace);
    }
}
