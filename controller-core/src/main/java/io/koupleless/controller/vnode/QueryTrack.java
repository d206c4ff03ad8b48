package io.koupleless.controller.vnode;

import java.time.Duration;
import java.util.OptionalLong;

/**
 * The questions of one kind that a base has been asked, one at a time.
 *
 * <p>Answers carry no id. So a question whose deadline has passed keeps the next one waiting for a
 * second deadline: its late answer must not be taken for the next one's, nor the next one's for its
 * own, and so on for ever.
 */
final class QueryTrack {
    private final Duration deadline;
    private OptionalLong open = OptionalLong.empty();
    private String askedOver = "";
    private boolean wanted;
    private long notBefore;
    private OptionalLong askedInSilence = OptionalLong.empty();
    private long lastAsked;

    QueryTrack(Duration deadline, Moment now) {
        this.deadline = deadline;
        this.notBefore = now.nanos();
        this.lastAsked = now.nanos();
    }

    /** When the last question left; before the first one, when there could have been one. */
    long lastAsked() {
        return lastAsked;
    }

    /** Asks for a question at the given time, or earlier if one was wanted earlier. */
    void want(long at) {
        if (!wanted || at - notBefore < 0) {
            notBefore = at;
        }
        wanted = true;
    }

    /** True when a question should leave now. */
    boolean due(Moment now) {
        forgetOld(now);
        return wanted && now.reached(notBefore) && open.isEmpty();
    }

    void asked(String tunnel, Moment now) {
        askedOver = tunnel;
        open = OptionalLong.of(now.nanos());
        lastAsked = now.nanos();
        if (askedInSilence.isEmpty()) {
            askedInSilence = open;
        }
        wanted = false;
    }

    /** The question never left. */
    void notSent() {
        open = OptionalLong.empty();
    }

    /** Its deadline has passed. */
    boolean overdue(Moment now) {
        return open.isPresent() && now.reached(open.getAsLong() + deadline.toNanos());
    }

    /**
     * An answer arrived, over the tunnel that its question took or over another.
     *
     * @return when its question was asked; empty when nobody asked or the deadline has passed, in
     *     which case the answer is no evidence
     */
    OptionalLong answered(String tunnel, Moment now) {
        forgetOld(now);
        if (!tunnel.equals(askedOver)) {
            return OptionalLong.empty();
        }
        OptionalLong asked = open;
        open = OptionalLong.empty();
        boolean late = asked.isPresent() && now.reached(asked.getAsLong() + deadline.toNanos());
        return late ? OptionalLong.empty() : asked;
    }

    /** Nobody answered in time, and nobody will: the next answer belongs to the next question. */
    boolean giveUp(Moment now) {
        boolean expired = overdue(now);
        if (expired) {
            open = OptionalLong.empty();
        }
        return expired;
    }

    /** The base's process is another: nothing asked before will be answered. */
    void clear() {
        open = OptionalLong.empty();
    }

    /** Silence begins anew: the base was heard, or our own link came back. */
    void silenceBegins() {
        askedInSilence = OptionalLong.empty();
    }

    /**
     * When the first question left since then. Later ones do not count: whoever asks again and
     * again would never see one run out.
     */
    OptionalLong askedInSilence() {
        return askedInSilence;
    }

    /** When something has to be looked at again; never now or earlier. */
    long nextLook(Moment now) {
        if (open.isPresent()) {
            long inTime = open.getAsLong() + deadline.toNanos();
            long forgotten = inTime + deadline.toNanos();
            if (!now.reached(forgotten)) {
                return now.reached(inTime) ? forgotten : inTime;
            }
        }
        return wanted && !now.reached(notBefore) ? notBefore : Long.MAX_VALUE;
    }

    private void forgetOld(Moment now) {
        if (open.isPresent() && now.reached(open.getAsLong() + 2 * deadline.toNanos())) {
            open = OptionalLong.empty();
        }
    }
}
