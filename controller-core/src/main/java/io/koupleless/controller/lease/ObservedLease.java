package io.koupleless.controller.lease;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A Lease as read from the API server.
 *
 * @param holder {@code spec.holderIdentity}, empty when nobody holds it
 * @param transitions {@code spec.leaseTransitions}: the generation, raised at each acquisition
 */
public record ObservedLease(
        String resourceVersion,
        String holder,
        Optional<Instant> renewTime,
        Duration duration,
        int transitions) {}
