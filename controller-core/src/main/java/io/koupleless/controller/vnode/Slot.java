package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
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

    final ModuleRef ref;
    private final CommandCount commands = new CommandCount();
    private final Evidence evidence;
    private @Nullable Operation armed;

    Slot(ModuleRef ref, Moment now) {
        this.ref = ref;
        this.evidence = new Evidence(now);
    }

    Optional<CommandCount.Flight> flight() {
        return commands.flight();
    }

    Presence presence() {
        return evidence.presence();
    }

    Optional<ModuleStatus> status() {
        return evidence.status();
    }

    Optional<ModuleState> state() {
        return evidence.state();
    }

    /** The base has said so not longer ago than this. */
    boolean thereWithin(Duration time, Moment now) {
        return evidence.thereSince(now.nanos() - time.toNanos());
    }

    int unanswered() {
        return commands.unanswered();
    }

    int unanswered(Operation operation) {
        return commands.unanswered(operation);
    }

    /** A command of ours left to this process of the base, answered or not. */
    boolean commanded() {
        return commands.everSent(Operation.INSTALL) || commands.everSent(Operation.UNINSTALL);
    }

    boolean occupies() {
        return commands.occupies();
    }

    boolean listedSince() {
        return evidence.listedSince();
    }

    /** Wants a list, and one that comes now would tell something. */
    boolean needsList() {
        return flight().isEmpty() && evidence.needsList();
    }

    /** The earliest instant at which the next list is worth asking for. */
    long listNotBefore() {
        return evidence.listNotBefore();
    }

    /** A command of an earlier process was recorded and may still be on its way. */
    void inherited(
            Operation operation, String urlHash, long sentAt, Duration deadline, Moment now) {
        commands.inherited(operation, urlHash, sentAt, deadline, now);
    }

    void sent(Operation operation, String urlHash, Duration deadline, Moment now) {
        armed = null;
        commands.sent(operation, urlHash, deadline, now);
        evidence.commandSent();
    }

    /** The command certainly never left; its record stands. */
    void notSent(Operation operation) {
        commands.notSent(operation);
        armed = operation;
    }

    /** The same command left shortly before, and nothing opposite since. */
    boolean justSent(Operation operation, Duration pause, Moment now) {
        return commands.justSent(operation, pause, now);
    }

    /**
     * An answer to a command of this kind came.
     *
     * @return true when it can only be the answer to the command in flight
     */
    boolean answered(Operation operation, Moment now) {
        return ended(commands.answered(operation), now);
    }

    /** The same for an answer that the base runs another command for this module. */
    boolean refusedAsBusy(Operation operation, Moment now) {
        return ended(commands.refusedAsBusy(operation), now);
    }

    private boolean ended(boolean current, Moment now) {
        if (current) {
            evidence.commandEnded(now);
        }
        return current;
    }

    /** The command in flight ran into its deadline; true once, when that happens. */
    boolean expire(Moment now) {
        boolean expired = commands.expire(now);
        if (expired) {
            evidence.commandEnded(now);
            evidence.commandTimedOut();
        }
        return expired;
    }

    /** The base refused an install because the module is there already. */
    void saidToBeThere() {
        evidence.saidToBeThere();
    }

    /** True once when a list contradicts that: the jar's manifest names something else. */
    boolean contradicted() {
        return evidence.contradicted();
    }

    /** The answer itself says that the module is there. */
    void confirmPresent(ModuleStatus installed, Moment now) {
        evidence.confirmPresent(installed, now.nanos());
    }

    /** The answer itself says that the module is not there; one list settles it. */
    void confirmAbsent() {
        evidence.confirmAbsent();
    }

    /**
     * A full list.
     *
     * @param askedAt when it was asked for; older than the last command's end is no evidence
     * @param found the module in it, if there
     */
    void listed(long askedAt, Optional<ModuleStatus> found) {
        Optional<CommandCount.Flight> flight = flight();
        if (flight.isPresent()) {
            boolean install = flight.get().operation() == Operation.INSTALL;
            if (found.isPresent() && install && askedAt - flight.get().sentAt() >= 0) {
                evidence.confirmPresent(found.get(), askedAt);
            }
            return;
        }
        boolean counts = evidence.listed(askedAt, found);
        if (counts && found.filter(f -> f.state() != ModuleState.RESOLVED).isPresent()) {
            commands.installEnded();
        }
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
        commands.baseRestarted(start);
        startAnew(now);
    }

    /** Another controller has been at work: only what we sent ourselves is still known. */
    void startAnew(Moment now) {
        evidence.startAnew(now);
        armed = null;
    }

    /**
     * May this command leave, as far as the opposite one is concerned? A late twin of the opposite
     * would undo it.
     */
    boolean oppositeIsOver(Operation operation) {
        Operation opposite = CommandCount.opposite(operation);
        if (!commands.everSent(opposite)) {
            return true;
        }
        return commands.unanswered(opposite) == 0
                ? evidence.listedSince()
                : evidence.listedAfter(oppositeOverAt(operation));
    }

    /** The jar of an install that may still come to its end, as a URL hash. */
    Optional<String> jarUnderWay() {
        boolean over =
                commands.unanswered(Operation.INSTALL) == 0
                        || evidence.listedAfter(oppositeOverAt(Operation.UNINSTALL));
        return over ? Optional.empty() : commands.jar();
    }

    /** From then on a list proves that no command of the opposite kind is still on its way. */
    long oppositeOverAt(Operation operation) {
        Operation opposite = CommandCount.opposite(operation);
        return commands.certainlyOverAt(opposite).orElseGet(evidence::countsFrom);
    }

    /** An answer will not come any more: nobody waits so long. */
    void forgive(Duration afterSending, Moment now) {
        commands.forgive(afterSending, now);
    }
}
