package io.koupleless.controller.vnode;

import java.time.Duration;

/**
 * How long a base has been quiet, as far as we could have heard it: from its last sign of life or
 * from the return of our own link, whichever is later, and never while that link is down.
 */
final class Silence {
    private boolean linkUp;
    private long windowFrom;
    private long lastSeen;
    private long lastAnswer;

    Silence(Moment now) {
        this.windowFrom = now.nanos();
        this.lastSeen = now.nanos();
        this.lastAnswer = now.nanos();
    }

    boolean linkUp() {
        return linkUp;
    }

    /** Our own link changed; true when it has come back. */
    boolean link(boolean up, Moment now) {
        boolean back = up && !linkUp;
        if (back) {
            windowFrom = now.nanos();
        }
        linkUp = up;
        return back;
    }

    /** A sign of life; true when there was none for the given time. */
    boolean broken(Duration window, Moment now) {
        boolean wasQuiet = now.since(lastSeen).compareTo(window) > 0;
        lastSeen = now.nanos();
        return wasQuiet;
    }

    /** A sign of life came at this time or later. */
    boolean seenSince(long at) {
        return lastSeen - at >= 0;
    }

    void answered(Moment now) {
        lastAnswer = now.nanos();
    }

    long since() {
        return lastSeen - windowFrom >= 0 ? lastSeen : windowFrom;
    }

    boolean lasts(Duration window, Moment now) {
        return linkUp && now.reached(since() + window.toNanos());
    }

    /** No question was answered for so long, whatever else was heard. */
    boolean withoutAnswer(Duration patience, Moment now) {
        long from = lastAnswer - windowFrom >= 0 ? lastAnswer : windowFrom;
        return linkUp && now.reached(from + patience.toNanos());
    }

    /** When {@link #withoutAnswer} becomes true, if nothing is heard and the link stays up. */
    long withoutAnswerAt(Duration patience) {
        return lastAnswer + patience.toNanos();
    }
}
