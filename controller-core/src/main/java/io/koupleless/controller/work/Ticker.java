package io.koupleless.controller.work;

/** Monotonic time for deadlines, leases and backoff. */
@FunctionalInterface
public interface Ticker {
    /** Nanoseconds since some fixed instant; never goes back. */
    long nanos();
}
