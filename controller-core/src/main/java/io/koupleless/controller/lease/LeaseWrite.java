package io.koupleless.controller.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What we want in the Lease.
 *
 * @param resourceVersion of our own last write or read; empty creates the Lease
 * @param acquired when set, {@code acquireTime} is written too
 */
public record LeaseWrite(
        Optional<String> resourceVersion,
        String holder,
        Instant renewTime,
        Duration duration,
        int transitions,
        Optional<Instant> acquired) {}
