package io.koupleless.controller.vnode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Tells one process of a base from the next by its start: the time of receipt less the run time.
 *
 * <p>Only answers that came within their deadline count, so the error is at most that deadline; a
 * start that is later by more is another process, and so is a run time that fell.
 */
final class ProcessWatch {
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private final IdentityWatch starts = new IdentityWatch();
    private boolean known;
    private long start;
    private @Nullable Duration lastUptime;
    private Optional<Instant> recorded = Optional.empty();
    private Optional<Instant> wallStart = Optional.empty();

    /** What the record says of the process that our modules were installed on. */
    void recorded(Optional<Instant> processStart) {
        recorded = processStart;
    }

    /** Start of the process that answered last. */
    Optional<Instant> wallStart() {
        return wallStart;
    }

    /** The same, monotonic; at most one deadline too late. */
    long start() {
        return start;
    }

    boolean conflict(Moment now) {
        return starts.conflict(now);
    }

    long nextLook(Moment now) {
        return starts.nextLook(now);
    }

    /** Takes the run time of a timely answer; true when another process answers than before. */
    boolean heard(Duration uptime, Moment now) {
        long began = now.nanos() - uptime.toNanos();
        Instant beganWall = now.wall().minus(uptime);
        boolean other = known ? anotherThanBefore(began, uptime) : anotherThanRecorded(beganWall);
        boolean moved = !known || Math.abs(began - start) > TOLERANCE.toNanos();
        if (moved) {
            start = began;
            wallStart = Optional.of(beganWall);
        }
        known = true;
        lastUptime = uptime;
        starts.heard(Long.toString(Math.floorDiv(start, TOLERANCE.toNanos())), now);
        return other;
    }

    private boolean anotherThanBefore(long began, Duration uptime) {
        boolean later = began - start > TOLERANCE.toNanos();
        boolean fell = lastUptime != null && uptime.compareTo(lastUptime) < 0;
        return later || fell;
    }

    private boolean anotherThanRecorded(Instant began) {
        return recorded.filter(then -> began.isAfter(then.plus(TOLERANCE))).isPresent();
    }
}
