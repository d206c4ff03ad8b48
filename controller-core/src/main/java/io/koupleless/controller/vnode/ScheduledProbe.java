package io.koupleless.controller.vnode;

import java.util.OptionalLong;

/** One probe of one run, with the time at which it is due. */
final class ScheduledProbe {
    /** The earliest first; what is due together goes in the order in which it was made. */
    static int byDue(ScheduledProbe one, ScheduledProbe other) {
        int byTime = Long.signum(one.due - other.due);
        return byTime != 0 ? byTime : Long.compare(one.id, other.id);
    }

    final long id;
    final ProbedRun run;
    final ProbeTrack track;
    private long due;
    private long sentAt;
    private boolean ended;
    private OptionalLong toldAt = OptionalLong.empty();
    private OptionalLong unproven = OptionalLong.empty();
    private String unprovenMessage = "";

    ScheduledProbe(long id, ProbedRun run, ProbeTrack track, long due) {
        this.id = id;
        this.run = run;
        this.track = track;
        this.due = due;
    }

    long due() {
        return due;
    }

    /** Only while it is in no queue. */
    void dueAt(long at) {
        due = at;
    }

    long sentAt() {
        return sentAt;
    }

    void sent(Moment now) {
        sentAt = now.nanos();
        due = now.plus(track.probe.period());
    }

    boolean ended() {
        return ended;
    }

    void end() {
        ended = true;
    }

    /** It failed in a way that may be our own network's fault; the oldest such time counts. */
    void unproven(String message) {
        if (unproven.isEmpty()) {
            unproven = OptionalLong.of(sentAt);
            unprovenMessage = message;
        }
    }

    OptionalLong unproven() {
        return unproven;
    }

    String unprovenMessage() {
        return unprovenMessage;
    }

    void proven() {
        unproven = OptionalLong.empty();
    }

    /** Was not told of for so long. */
    boolean quietFor(long nanos, Moment now) {
        return toldAt.isEmpty() || now.nanos() - toldAt.getAsLong() >= nanos;
    }

    void told(Moment now) {
        toldAt = OptionalLong.of(now.nanos());
    }
}
