package io.koupleless.controller.vnode;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;

/**
 * Proves that two live processes use one identity: A, then B, then A again within a window of time.
 * A change that stays is a restart and proves nothing.
 */
final class IdentityWatch {

    /** A stretch of time in which one process was heard. */
    private record Stretch(String process, long last) {}

    private final Duration window;
    private final Deque<Stretch> stretches = new ArrayDeque<>();
    private boolean proven;
    private long provenUntil;

    IdentityWatch(Duration window) {
        this.window = window;
    }

    void heard(String process, Moment now) {
        Stretch newest = stretches.peekLast();
        if (newest != null && newest.process().equals(process)) {
            stretches.pollLast();
        } else if (newest != null && heardBefore(process, now)) {
            proven = true;
            provenUntil = now.plus(window);
        }
        stretches.addLast(new Stretch(process, now.nanos()));
        while (stretches.size() > 4) {
            stretches.pollFirst();
        }
    }

    private boolean heardBefore(String process, Moment now) {
        Iterator<Stretch> older = stretches.descendingIterator();
        while (older.hasNext()) {
            Stretch stretch = older.next();
            if (stretch.process().equals(process)) {
                return now.since(stretch.last()).compareTo(window) <= 0;
            }
        }
        return false;
    }

    boolean conflict(Moment now) {
        return proven && !now.reached(provenUntil);
    }

    long nextLook(Moment now) {
        return conflict(now) ? provenUntil : Long.MAX_VALUE;
    }
}
