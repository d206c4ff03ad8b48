package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the lists and answers of a base say of one module, and how far that can be believed. */
final class Evidence {
    private static final Duration BETWEEN_ABSENCES = Duration.ofSeconds(1);

    private Slot.Presence presence = Slot.Presence.UNKNOWN;
    private @Nullable ModuleStatus status;
    private long countsFrom;
    private long doubtedAt;
    private boolean listedSince;
    private long lastListAsked;
    private long lastThere;
    private boolean confirmedByAnswer;
    private boolean saidToBeThere;
    private boolean timedOut;

    Evidence(Moment now) {
        this.countsFrom = now.nanos() - Duration.ofDays(1).toNanos();
        this.lastListAsked = countsFrom;
        this.lastThere = countsFrom;
    }

    Slot.Presence presence() {
        return presence;
    }

    Optional<ModuleStatus> status() {
        return Optional.ofNullable(status);
    }

    Optional<ModuleState> state() {
        return presence == Slot.Presence.PRESENT || presence == Slot.Presence.DOUBTED
                ? status().map(ModuleStatus::state)
                : Optional.empty();
    }

    /** A list asked for after the last command's end has come. */
    boolean listedSince() {
        return listedSince;
    }

    /** A list asked for at this time or later has come. */
    boolean listedAfter(long at) {
        return lastListAsked - at >= 0;
    }

    /** A list asked for earlier says nothing: a command ended since, or another process runs. */
    long countsFrom() {
        return countsFrom;
    }

    /**
     * Wants a list: an absence has to be seen twice, or a command ended and its answer did not say
     * how things are now.
     */
    boolean needsList() {
        boolean unclear = presence == Slot.Presence.UNKNOWN || timedOut;
        return presence == Slot.Presence.DOUBTED || unclear && !listedSince;
    }

    /** The earliest instant at which the next list is worth asking for. */
    long listNotBefore() {
        return presence == Slot.Presence.DOUBTED
                ? doubtedAt + BETWEEN_ABSENCES.toNanos()
                : countsFrom;
    }

    /** A command left: what was said before is not about its end. */
    void commandSent() {
        timedOut = false;
        listedSince = false;
        confirmedByAnswer = false;
        saidToBeThere = false;
    }

    /** A command ended by its answer or by its deadline. */
    void commandEnded(Moment now) {
        countsFrom = now.nanos();
        listedSince = false;
        if (presence == Slot.Presence.DOUBTED) {
            presence = Slot.Presence.PRESENT;
        }
        if (presence == Slot.Presence.ABSENT) {
            presence = Slot.Presence.UNKNOWN;
        }
    }

    /** Nobody said how the last command ended; a list has to. */
    void commandTimedOut() {
        timedOut = true;
    }

    /** The base refused an install because the module is there already. */
    void saidToBeThere() {
        saidToBeThere = true;
    }

    /** True once when a list contradicts that: the jar's manifest names something else. */
    boolean contradicted() {
        boolean contradicted = saidToBeThere && listedSince && presence != Slot.Presence.PRESENT;
        saidToBeThere = saidToBeThere && !listedSince;
        return contradicted;
    }

    /** An answer, or a list during an install, says that the module is there. */
    void confirmPresent(ModuleStatus installed, long at) {
        presence = Slot.Presence.PRESENT;
        status = installed;
        lastThere = at;
    }

    /** The module was there at this time or later. */
    boolean thereSince(long at) {
        return lastThere - at >= 0;
    }

    /** The answer itself says that the module is not there; one list settles it. */
    void confirmAbsent() {
        confirmedByAnswer = true;
        presence = Slot.Presence.ABSENT;
        status = null;
    }

    /**
     * A full list that came while no command was in flight.
     *
     * @param askedAt when it was asked for; older than the last command's end is no evidence
     * @param found the module in it, if there
     * @return true when it counts
     */
    boolean listed(long askedAt, Optional<ModuleStatus> found) {
        if (askedAt - countsFrom < 0) {
            return false;
        }
        listedSince = true;
        lastListAsked = askedAt;
        if (found.isPresent()) {
            confirmPresent(found.get(), askedAt);
            timedOut = false;
        } else {
            absentFrom(askedAt);
        }
        return true;
    }

    private void absentFrom(long askedAt) {
        switch (presence) {
            case ABSENT -> {}
            case UNKNOWN, PRESENT -> {
                if (confirmedByAnswer) {
                    presence = Slot.Presence.ABSENT;
                } else {
                    presence = Slot.Presence.DOUBTED;
                    doubtedAt = askedAt;
                }
            }
            case DOUBTED -> {
                if (askedAt - doubtedAt >= BETWEEN_ABSENCES.toNanos()) {
                    presence = Slot.Presence.ABSENT;
                    status = null;
                }
            }
        }
        timedOut = timedOut && presence != Slot.Presence.ABSENT;
    }

    /** Another process of the base, or another controller's work on it: nothing is known yet. */
    void startAnew(Moment now) {
        timedOut = false;
        presence = Slot.Presence.UNKNOWN;
        status = null;
        countsFrom = now.nanos();
        listedSince = false;
        confirmedByAnswer = false;
    }
}
