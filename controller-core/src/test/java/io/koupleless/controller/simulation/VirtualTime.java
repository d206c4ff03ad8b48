package io.koupleless.controller.simulation;

import io.koupleless.controller.vnode.Moment;
import java.time.Duration;
import java.time.Instant;
import java.util.PriorityQueue;

/** Both clocks and the one queue of all that is still to happen. */
final class VirtualTime {
    private record Due(long at, long order, Runnable action) implements Comparable<Due> {
        @Override
        public int compareTo(Due other) {
            int byTime = Long.compare(at, other.at);
            return byTime != 0 ? byTime : Long.compare(order, other.order);
        }
    }

    private static final Instant EPOCH = Instant.parse("2026-03-01T08:00:00.123456Z");
    private static final long START = Duration.ofDays(3).toNanos();

    private final PriorityQueue<Due> queue = new PriorityQueue<>();
    private long nanos = START;
    private long order;
    private Duration wallStep = Duration.ZERO;

    Moment now() {
        return new Moment(nanos, EPOCH.plusNanos(nanos - START).plus(wallStep));
    }

    long nanos() {
        return nanos;
    }

    long millis() {
        return (nanos - START) / 1_000_000;
    }

    /** Somebody sets the wall clock. */
    void stepWall(Duration by) {
        wallStep = wallStep.plus(by);
    }

    void after(long millis, Runnable action) {
        at(nanos + millis * 1_000_000, action);
    }

    void at(long at, Runnable action) {
        queue.add(new Due(Math.max(at, nanos), order++, action));
    }

    /** Lets happen what comes next, unless that is after the given time. */
    boolean step(long untilMillis) {
        Due next = queue.peek();
        if (next == null || next.at() - START > untilMillis * 1_000_000) {
            nanos = Math.max(nanos, START + untilMillis * 1_000_000);
            return false;
        }
        queue.poll();
        nanos = next.at();
        next.action().run();
        return true;
    }
}
