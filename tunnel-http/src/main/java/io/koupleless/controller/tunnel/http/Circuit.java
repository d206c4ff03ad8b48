package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Spares a base, and everybody who waits for it, further attempts right after several have failed:
 * open for a jittered pause that doubles, then for one attempt that decides. A circuit breaker of a
 * library counts rates over windows of calls that have ended, and closes by them alone; here a
 * heartbeat closes as well, the pause grows, and time must be the test's.
 */
final class Circuit {
    private final int failuresToOpen;
    private final Pause pause;
    private final Ticker ticker;
    private int failures;
    private long closedUntilNanos;
    private boolean trying;

    Circuit(HttpSettings.Client settings, Ticker ticker) {
        this.failuresToOpen = settings.failuresToOpen();
        this.pause = new Pause(settings.firstPause(), 2, settings.longestPause());
        this.ticker = ticker;
    }

    /** May an attempt be made? If so, {@link #worked} or {@link #failed} must follow. */
    synchronized boolean admits() {
        if (failures < failuresToOpen) {
            return true;
        }
        if (trying || ticker.nanos() - closedUntilNanos < 0) {
            return false;
        }
        trying = true;
        return true;
    }

    synchronized void worked() {
        failures = 0;
        trying = false;
    }

    synchronized void failed() {
        failures++;
        trying = false;
        if (failures >= failuresToOpen) {
            int pauses = failures - failuresToOpen + 1;
            double random = ThreadLocalRandom.current().nextDouble();
            closedUntilNanos = ticker.nanos() + pause.nanos(pauses, random);
        }
    }

    /** The attempt was given up for a reason that says nothing about the base. */
    synchronized void undecided() {
        trying = false;
    }
}
