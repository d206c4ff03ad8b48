package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What this process knows of one module key on one process of a base: commands on their way and
 * what the lists say.
 */
final class Slot {
    /** What the base's lists and answers say of the module. */
    enum Presence {
        /** Nothing that counts as evidence has come yet. */
        UNKNOWN,
        PRESENT,
        /** Missing from one list; a second one is needed. */
        DOUBTED,
        ABSENT
    }

    /** A command that has no answer yet and whose deadline has not passed. */
    record Flight(Operation operation, long sentAt, long deadline) {}

    private static final Duration BETWEEN_ABSENCES = Duration.ofSeconds(1);

    final ModuleRef ref;
    private final Map<Operation, Integer> unanswered = new EnumMap<>(Operation.class);
    private final Map<Operation, Long> lastSent = new EnumMap<>(Operation.class);
    private @Nullable Flight flight;
    private Presence presence = Presence.UNKNOWN;
    private @Nullable ModuleStatus status;
    private long evidenceFrom;
    private long doubtedAt;
    private boolean listedSince;
    private long lastListAsked;
    private @Nullable Operation armed;
    private boolean timedOut;
    private boolean confirmedByAnswer;
    private boolean saidToBeThere;
    private boolean installLost;

    Slot(ModuleRef ref, Moment now) {
        this.ref = ref;
        this.evidenceFrom = now.nanos() - Duration.ofDays(1).toNanos();
        this.lastListAsked = evidenceFrom;
    }

    Optional<Flight> flight() {
        return Optional.ofNullable(flight);
    }

    Presence presence() {
        return presence;
    }

    Optional<ModuleStatus> status() {
        return Optional.ofNullable(status);
    }

    Optional<ModuleState> state() {
        return presence == Presence.PRESENT || presence == Presence.DOUBTED
                ? status().map(ModuleStatus::state)
                : Optional.empty();
    }

    int unanswered(Operation operation) {
        return unanswered.getOrDefault(operation, 0);
    }

    /**
     * A worker of the base may be busy with a command for this module: one in flight, or an install
     * that ran into its deadline and whose end nobody has shown, like a download that hangs.
     */
    boolean occupies() {
        return flight != null || installLost;
    }

    int unanswered() {
        return unanswered(Operation.INSTALL) + unanswered(Operation.UNINSTALL);
    }

    /** The last command ended by its deadline, and no list has settled the matter since. */
    boolean timedOut() {
        return timedOut;
    }

    /** A list asked for after the last command's end has come. */
    boolean listedSince() {
        return listedSince;
    }

    /**
     * Wants a list: an absence has to be seen twice, or a command ended and its answer did not say
     * how things are now.
     */
    boolean needsList() {
        boolean unclear = presence == Presence.UNKNOWN || timedOut;
        return flight == null && (presence == Presence.DOUBTED || unclear && !listedSince);
    }

    /** The earliest instant at which the next list is worth asking for. */
    long listNotBefore() {
        return presence == Presence.DOUBTED ? doubtedAt + BETWEEN_ABSENCES.toNanos() : evidenceFrom;
    }

    /** A command of an earlier process was recorded and may still be on its way. */
    void inherited(Operation operation, long sentAt, Duration deadline, Moment now) {
        unanswered.put(operation, 1);
        lastSent.put(operation, sentAt);
        if (!now.reached(sentAt + deadline.toNanos())) {
            flight = new Flight(operation, sentAt, sentAt + deadline.toNanos());
        }
    }

    void sent(Operation operation, Duration deadline, Moment now) {
        unanswered.merge(operation, 1, Integer::sum);
        lastSent.put(operation, now.nanos());
        flight = new Flight(operation, now.nanos(), now.plus(deadline));
        timedOut = false;
        listedSince = false;
        confirmedByAnswer = false;
        saidToBeThere = false;
    }

    /** The command certainly never left. */
    void notSent(Operation operation) {
        unanswered.merge(operation, -1, (a, b) -> Math.max(0, a + b));
        lastSent.remove(operation);
        flight = null;
    }

    /** The same command left shortly before, and nothing opposite since. */
    boolean justSent(Operation operation, Duration pause, Moment now) {
        Long sent = lastSent.get(operation);
        Long undone = lastSent.get(opposite(operation));
        return sent != null
                && !now.reached(sent + pause.toNanos())
                && (undone == null || undone - sent < 0);
    }

    /**
     * An answer to a command of this kind came.
     *
     * @return true when it can only be the answer to the command in flight
     */
    boolean answered(Operation operation, Moment now) {
        int open = unanswered(operation);
        installLost &= operation != Operation.INSTALL;
        unanswered.put(operation, Math.max(0, open - 1));
        boolean current = flight != null && flight.operation() == operation && open <= 1;
        if (current) {
            endFlight(now);
        }
        return current;
    }

    /** The command in flight ran into its deadline; true once, when that happens. */
    boolean expire(Moment now) {
        if (flight == null || !now.reached(flight.deadline())) {
            return false;
        }
        installLost |= flight.operation() == Operation.INSTALL;
        endFlight(now);
        timedOut = true;
        return true;
    }

    private void endFlight(Moment now) {
        flight = null;
        evidenceFrom = now.nanos();
        listedSince = false;
        if (presence == Presence.DOUBTED) {
            presence = Presence.PRESENT;
        }
        if (presence == Presence.ABSENT) {
            presence = Presence.UNKNOWN;
        }
    }

    /** The base refused an install because the module is there already. */
    void saidToBeThere() {
        saidToBeThere = true;
    }

    /** True once when a list contradicts that: the jar's manifest names something else. */
    boolean contradicted() {
        boolean contradicted = saidToBeThere && listedSince && presence != Presence.PRESENT;
        saidToBeThere = saidToBeThere && !listedSince;
        return contradicted;
    }

    /** The answer itself says that the module is there. */
    void confirmPresent(ModuleStatus installed) {
        presence = Presence.PRESENT;
        status = installed;
    }

    /** The answer itself says that the module is not there; one list settles it. */
    void confirmAbsent() {
        confirmedByAnswer = true;
        presence = Presence.ABSENT;
        status = null;
    }

    /**
     * A full list.
     *
     * @param askedAt when it was asked for; older than the last command's end is no evidence
     * @param found the module in it, if there
     */
    void listed(long askedAt, Optional<ModuleStatus> found) {
        if (flight != null) {
            boolean afterSending = askedAt - flight.sentAt() >= 0;
            if (found.isPresent() && afterSending && flight.operation() == Operation.INSTALL) {
                status = found.get();
                presence = Presence.PRESENT;
            }
            return;
        }
        if (askedAt - evidenceFrom < 0) {
            return;
        }
        listedSince = true;
        lastListAsked = askedAt;
        if (found.isPresent()) {
            presence = Presence.PRESENT;
            status = found.get();
            timedOut = false;
            installLost &= found.get().state() == ModuleState.RESOLVED;
            return;
        }
        absentFrom(askedAt);
    }

    private void absentFrom(long askedAt) {
        switch (presence) {
            case ABSENT -> {}
            case UNKNOWN, PRESENT -> {
                if (confirmedByAnswer) {
                    presence = Presence.ABSENT;
                } else {
                    presence = Presence.DOUBTED;
                    doubtedAt = askedAt;
                }
            }
            case DOUBTED -> {
                if (askedAt - doubtedAt >= BETWEEN_ABSENCES.toNanos()) {
                    presence = Presence.ABSENT;
                    status = null;
                }
            }
        }
        timedOut = timedOut && presence != Presence.ABSENT;
    }

    /** The record is about to say that this command leaves. */
    void arm(Operation operation) {
        armed = operation;
    }

    boolean armedFor(Operation operation) {
        return armed == operation;
    }

    void disarm() {
        armed = null;
    }

    /**
     * The base's process is another: nothing is there, and nothing is on its way but what was sent
     * after its start.
     */
    void baseRestarted(long start, Moment now) {
        for (Operation operation : Operation.values()) {
            Long sent = lastSent.get(operation);
            if (sent == null || sent - start < 0) {
                unanswered.remove(operation);
                lastSent.remove(operation);
            } else {
                unanswered.computeIfPresent(operation, (o, count) -> Math.min(count, 1));
            }
        }
        if (flight != null && flight.sentAt() - start < 0) {
            flight = null;
        }
        armed = null;
        installLost = false;
        timedOut = false;
        presence = Presence.UNKNOWN;
        status = null;
        evidenceFrom = now.nanos();
        listedSince = false;
        confirmedByAnswer = false;
    }

    /**
     * May this command leave, as far as the opposite one is concerned? A late twin of the opposite
     * would undo it.
     */
    boolean oppositeIsOver(Operation operation, VNodeSettings.Times times) {
        Operation opposite = opposite(operation);
        Long sent = lastSent.get(opposite);
        if (sent == null) {
            return true;
        }
        return unanswered(opposite) == 0
                ? listedSince
                : lastListAsked - oppositeOverAt(operation, times) >= 0;
    }

    /** From then on a list proves that no command of the opposite kind is still on its way. */
    long oppositeOverAt(Operation operation, VNodeSettings.Times times) {
        Operation opposite = opposite(operation);
        Long sent = lastSent.get(opposite);
        if (sent == null || unanswered(opposite) == 0) {
            return evidenceFrom;
        }
        Duration deadline =
                opposite == Operation.INSTALL ? times.installDeadline() : times.uninstallDeadline();
        return sent + 2 * deadline.toNanos();
    }

    private static Operation opposite(Operation operation) {
        return operation == Operation.INSTALL ? Operation.UNINSTALL : Operation.INSTALL;
    }

    /** An answer will not come any more: a list proved the end, or nobody waits so long. */
    void forgive(Duration afterSending, Moment now) {
        for (Operation operation : Operation.values()) {
            Long sent = lastSent.get(operation);
            if (flight == null && sent != null && now.reached(sent + afterSending.toNanos())) {
                unanswered.remove(operation);
                installLost &= operation != Operation.INSTALL;
            }
        }
    }
}
