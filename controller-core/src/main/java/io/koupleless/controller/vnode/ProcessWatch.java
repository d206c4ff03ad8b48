package io.koupleless.controller.vnode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Tells one process of a base from the next by its start: the time of receipt less the run time.
 *
 * <p>Only answers that came within their deadline count, so the error is at most that deadline; a
 * start that is later by more is another process, and so is a run time that fell. But no process
 * starts before the one that it replaces has spoken for the last time: an answer that says so is an
 * old one that was late, or comes from a second live process if it says so again.
 */
final class ProcessWatch {
    private static final Duration TOLERANCE = Duration.ofSeconds(5);

    private final IdentityWatch starts;
    private boolean known;
    private long start;
    private @Nullable Duration lastUptime;
    private long lastAlive;
    private OptionalLong stranger = OptionalLong.empty();
    private OptionalLong doubtful = OptionalLong.empty();
    private Optional<Instant> recorded = Optional.empty();
    private Optional<Instant> wallStart = Optional.empty();

    /**
     * @param window in which two processes prove to live both
     */
    ProcessWatch(Duration window) {
        this.starts = new IdentityWatch(window);
    }

    /**
     * What the record says of the process that our modules were installed on. Whoever answered
     * before the record was read is known only once it has been compared with that.
     */
    void recorded(Optional<Instant> processStart) {
        recorded = processStart;
        if (known && wallStart.filter(this::anotherThanRecorded).isPresent()) {
            known = false;
            doubtful = OptionalLong.of(start);
        }
    }

    /** Another controller has been at work: whoever answers next is compared with the record. */
    void startAnew() {
        known = false;
        lastUptime = null;
        doubtful = OptionalLong.empty();
        recorded = Optional.empty();
        wallStart = Optional.empty();
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

    /**
     * Takes the run time of a timely answer.
     *
     * @param asked when it was asked for: the process was alive then, or after
     * @return true when another process answers than before
     */
    boolean heard(Duration uptime, long asked, Moment now) {
        long began = now.nanos() - uptime.toNanos();
        Instant beganWall = now.wall().minus(uptime);
        if (known && !same(began, start, uptime) && !after(began)) {
            notOurs(began, now);
            return false;
        }
        boolean unlikely =
                known ? !near(began, start) && !fell(uptime) : anotherThanRecorded(beganWall);
        if (unlikely && !confirmed(began)) {
            doubtful = OptionalLong.of(began);
            return false;
        }
        doubtful = OptionalLong.empty();
        boolean other = known ? !same(began, start, uptime) : anotherThanRecorded(beganWall);
        if (!known || other) {
            start = began;
            wallStart = Optional.of(beganWall);
        }
        known = true;
        lastUptime = uptime;
        lastAlive = asked;
        starts.heard(bucket(start), now);
        return other;
    }

    private boolean same(long began, long than, Duration uptime) {
        return near(began, than) && !fell(uptime);
    }

    private boolean fell(Duration uptime) {
        return lastUptime != null && uptime.compareTo(lastUptime) < 0;
    }

    /**
     * A later start may be an answer that was late, unless the run time fell: it has to say so
     * twice.
     */
    private boolean confirmed(long began) {
        return doubtful.isPresent() && near(began, doubtful.getAsLong());
    }

    /** The last answer has to be asked for once more. */
    boolean doubts() {
        return doubtful.isPresent();
    }

    private static boolean near(long began, long than) {
        return Math.abs(began - than) <= TOLERANCE.toNanos();
    }

    /** It can be the successor of the process that we knew. */
    private boolean after(long began) {
        return began - lastAlive >= 0;
    }

    /** Once is a late answer; twice the same is a second process. */
    private void notOurs(long began, Moment now) {
        if (stranger.isPresent() && near(began, stranger.getAsLong())) {
            starts.heard(bucket(stranger.getAsLong()), now);
        } else {
            stranger = OptionalLong.of(began);
        }
    }

    private static String bucket(long start) {
        return Long.toString(Math.floorDiv(start, TOLERANCE.toNanos()));
    }

    private boolean anotherThanRecorded(Instant began) {
        return recorded.filter(then -> began.isAfter(then.plus(TOLERANCE))).isPresent();
    }
}
