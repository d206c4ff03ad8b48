package io.koupleless.controller.vnode;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.OptionalLong;

/**
 * The questions of one kind that a base has been asked.
 *
 * <p>Answers carry no id, so an answer belongs to the oldest question still open. One question is in
 * flight at a time; one whose deadline passed stays open for a second deadline, so that its late
 * answer is not taken for the next one's.
 */
final class QueryTrack {
    private final Deque<Long> open = new ArrayDeque<>();
    private final Duration deadline;
    private boolean wanted;
    private long notBefore;
    private long everAsked;
    private long lastAsked;

    QueryTrack(Duration deadline, Moment now) {
        this.deadline = deadline;
        this.notBefore = now.nanos();
        this.lastAsked = now.nanos();
    }

    /** Asks for a question at the given time, or earlier if one was wanted earlier. */
    void want(long at) {
        if (!wanted || at - notBefore < 0) {
            notBefore = at;
        }
        wanted = true;
    }

    boolean inFlight(Moment now) {
        Long last = open.peekLast();
        return last != null && !now.reached(last + deadline.toNanos());
    }

    /** True when a question should leave now. */
    boolean due(Moment now) {
        forgetOld(now);
        return wanted && now.reached(notBefore) && !inFlight(now);
    }

    void asked(Moment now) {
        open.addLast(now.nanos());
        lastAsked = now.nanos();
        everAsked++;
        wanted = false;
    }

    /** The newest question never left. */
    void notSent() {
        open.pollLast();
    }

    /**
     * An answer arrived.
     *
     * @return when its question was asked; empty when nobody asked or the deadline has passed, in
     *     which case the answer is no evidence
     */
    OptionalLong answered(Moment now) {
        forgetOld(now);
        Long asked = open.pollFirst();
        if (asked == null || now.reached(asked + deadline.toNanos())) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(asked);
    }

    /** The base's process is another: nothing asked before will be answered. */
    void clear() {
        open.clear();
    }

    long lastAsked() {
        return lastAsked;
    }

    long everAsked() {
        return everAsked;
    }

    /** When something has to be looked at again. */
    long nextLook(Moment now) {
        Long last = open.peekLast();
        if (last != null && !now.reached(last + deadline.toNanos())) {
            return last + deadline.toNanos();
        }
        return wanted && !now.reached(notBefore) ? notBefore : Long.MAX_VALUE;
    }

    private void forgetOld(Moment now) {
        while (!open.isEmpty() && now.reached(open.peekFirst() + 2 * deadline.toNanos())) {
            open.pollFirst();
        }
    }
}
