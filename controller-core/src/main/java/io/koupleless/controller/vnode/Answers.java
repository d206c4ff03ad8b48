package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Takes what became of commands: answers, lists, deadlines, and sends that went wrong. */
final class Answers {
    /** After so many deadlines nobody waits for an answer that never came. */
    private static final int FORGIVEN_AFTER_DEADLINES = 10;

    private final VNodeSettings.Times times;
    private final Ledger ledger;
    private final Slots slots;
    private final Failures failures;
    private final QueryTrack lists;

    /**
     * @param lists asked for where an answer does not say how things are
     */
    Answers(
            VNodeSettings.Times times,
            Ledger ledger,
            Slots slots,
            Failures failures,
            QueryTrack lists) {
        this.times = times;
        this.ledger = ledger;
        this.slots = slots;
        this.failures = failures;
        this.lists = lists;
    }

    void answered(TunnelEvent.CommandAnswered event, Outbox out, Moment now) {
        Optional<Slot> slot =
                event.ref().map(ref -> keyOf(event.operation(), ref)).flatMap(slots::get);
        boolean current = slot.isPresent() && ends(slot.get(), event, now);
        if (!current || !tellsTheEnd(event.answer())) {
            lists.want(now.nanos());
        }
        if (!current) {
            slot.ifPresent(late -> learnName(late.ref, event, now));
            return;
        }
        if (event.operation() == Operation.INSTALL) {
            installAnswered(slot.get(), event.answer(), out, now);
        } else {
            uninstallAnswered(slot.get(), event.answer(), out, now);
        }
    }

    private static boolean ends(Slot slot, TunnelEvent.CommandAnswered event, Moment now) {
        return event.answer() instanceof Answer.Busy
                ? slot.refusedAsBusy(event.operation(), now)
                : slot.answered(event.operation(), now);
    }

    /**
     * The answer to a batch. What failed in it does so without a cause, and what could not be
     * downloaded kept the others from being tried: both are tried again singly.
     *
     * @param sent the batch, by URL
     */
    void batchAnswered(
            Map<String, ModuleRef> sent, TunnelEvent.BatchAnswered event, Outbox out, Moment now) {
        sent.forEach((url, ref) -> {
            Answer answer = event.answers().get(url);
            if (answer == null || answer instanceof Answer.Failed) {
                slots.get(ref).ifPresent(slot -> slot.answered(Operation.INSTALL, now));
            } else {
                answered(
                        new TunnelEvent.CommandAnswered(
                                event.base(), Operation.INSTALL, Optional.of(ref), answer),
                        out,
                        now);
            }
        });
        lists.want(now.nanos());
    }

    /** After any other answer only a list tells how things are. */
    private static boolean tellsTheEnd(Answer answer) {
        return answer instanceof Answer.Done || answer instanceof Answer.NotThere;
    }

    private void installAnswered(Slot slot, Answer answer, Outbox out, Moment now) {
        switch (answer) {
            case Answer.Done(List<ModuleStatus> installed) -> {
                if (!installed.isEmpty()) {
                    installed(slot, installed.getFirst(), out, now);
                }
            }
            case Answer.Failed(String message, String cause, Answer.Failure failure) ->
                    failures.add(
                            slot.ref,
                            Operation.INSTALL,
                            FailureCode.of(Operation.INSTALL, failure),
                            advised(failure, cause),
                            out,
                            now);
            case Answer.AlreadyThere() -> slot.saidToBeThere();
            case Answer.NotThere(), Answer.Busy() -> {
                // No verdict: the list that was asked for will tell.
            }
        }
    }

    /** A cause that tells nobody what to do gets a word about that. */
    private static String advised(Answer.Failure failure, String cause) {
        return failure == Answer.Failure.CONTEXT_PATH
                ? "another web module on the base has this context path; give it another one, or let"
                        + " the other go first (maxSurge 0, or strategy Recreate): "
                        + cause
                : cause;
    }

    private void installed(Slot slot, ModuleStatus there, Outbox out, Moment now) {
        Optional<ModuleEntry> other = ledger.holderOf(there.ref(), slot.ref);
        if (other.isPresent()) {
            tookAnothersPlace(slot.ref, other.get(), out, now);
            return;
        }
        slot.confirmPresent(there, now);
        ledger.entry(slot.ref)
                .filter(entry -> entry.state() == EntryState.INSTALLING)
                .ifPresent(entry -> noteInstalled(entry, there.ref(), out, now));
    }

    private void noteInstalled(ModuleEntry entry, ModuleRef actual, Outbox out, Moment now) {
        ModuleEntry next = entry.installedAs(actual);
        out.tell(entry.owner(), Reason.INSTALLED, "module " + entry.ref() + " is installed");
        if (actual.equals(entry.ref())) {
            ledger.putLazily(next, now);
        } else {
            // No list tells it again.
            ledger.put(next, now);
            out.warn(entry.owner(), Reason.PARAMETER_INVALID, ManifestCheck.told(next));
        }
    }

    /** What is there under another key's name is this key's jar: that one is installed again. */
    private void tookAnothersPlace(ModuleRef ref, ModuleEntry other, Outbox out, Moment now) {
        if (other.state() != EntryState.REMOVING) {
            ledger.put(other.in(EntryState.RELOADING, now.wall()), now);
        }
        failures.add(
                ref,
                Operation.INSTALL,
                FailureCode.REQUIREMENT,
                "the jar's manifest says "
                        + other.installed()
                        + ", which is the module of Pod "
                        + other.owner(),
                out,
                now);
    }

    /** An answer of an earlier twin still tells what the jar calls itself. */
    private void learnName(ModuleRef ref, TunnelEvent.CommandAnswered event, Moment now) {
        Optional<ModuleEntry> entry =
                ledger.entry(ref).filter(e -> e.state() == EntryState.INSTALLING);
        if (event.operation() == Operation.INSTALL
                && event.answer() instanceof Answer.Done(List<ModuleStatus> installed)
                && !installed.isEmpty()
                && entry.isPresent()) {
            ModuleRef actual = installed.getFirst().ref();
            if (ledger.holderOf(actual, ref).isEmpty()) {
                ledger.put(
                        entry.get()
                                .installedAs(actual)
                                .in(EntryState.INSTALLING, entry.get().sentAt()),
                        now);
            }
        }
    }

    private void uninstallAnswered(Slot slot, Answer answer, Outbox out, Moment now) {
        switch (answer) {
            case Answer.Done(List<ModuleStatus> installed) -> slot.confirmAbsent();
            case Answer.NotThere() -> slot.confirmAbsent();
            case Answer.Failed(String message, String cause, Answer.Failure failure) ->
                    failures.add(
                            slot.ref,
                            Operation.UNINSTALL,
                            FailureCode.of(Operation.UNINSTALL, failure),
                            cause,
                            out,
                            now);
            case Answer.AlreadyThere(), Answer.Busy() -> {
                // No verdict: the list that was asked for will tell.
            }
        }
    }

    /** Takes a full list; true when it lacks what the last one had, and nobody took away. */
    boolean listed(ModuleList list, Outbox out, Moment now) {
        boolean lacks = slots.listed(list, now);
        for (Slot slot : slots.all()) {
            if (slot.contradicted()) {
                failures.add(
                        slot.ref,
                        Operation.INSTALL,
                        FailureCode.REQUIREMENT,
                        "the base says that it has the module, but does not list it: the jar's"
                                + " manifest names another module or version that is there already",
                        out,
                        now);
            }
        }
        failures.listed(list, now);
        return lacks;
    }

    /** Looks for deadlines that passed. */
    void expire(Outbox out, Moment now) {
        for (Slot slot : slots.all()) {
            Optional<Operation> operation = slot.flight().map(CommandCount.Flight::operation);
            if (slot.expire(now)) {
                expired(slot, operation.orElseThrow(), out, now);
            }
            slot.forgive(times.installDeadline().multipliedBy(FORGIVEN_AFTER_DEADLINES), now);
        }
    }

    private void expired(Slot slot, Operation operation, Outbox out, Moment now) {
        boolean install = operation == Operation.INSTALL;
        if (install && slot.state().filter(Answers::started).isPresent()) {
            // The answer was lost, or taken for an earlier one's; a list told the end.
            return;
        }
        failures.add(
                slot.ref,
                operation,
                install ? FailureCode.INSTALL_TIME : FailureCode.UNINSTALL_TIME,
                "no answer within " + times.deadline(operation).toSeconds() + " s",
                out,
                now);
    }

    private static boolean started(ModuleState state) {
        return state == ModuleState.ACTIVATED || state == ModuleState.DEACTIVATED;
    }

    /** A command did not leave, or nobody knows. */
    void sendFinished(Command.OnModule command, Outcome outcome, Outbox out, Moment now) {
        Operation operation = command.operation();
        Optional<Slot> slot = slots.get(keyOf(operation, command.ref()));
        if (slot.isEmpty()) {
            return;
        }
        switch (outcome) {
            case Outcome.NotSent(String message) -> slot.get().notSent(operation);
            case Outcome.Refused(String message) -> {
                slot.get().notSent(operation);
                failures.add(slot.get().ref, operation, FailureCode.NETWORK, message, out, now);
            }
            default -> {
                // On its way, or lost: the answer or the deadline decides.
            }
        }
    }

    /** An uninstall names what is installed, which the Pod may call otherwise. */
    private ModuleRef keyOf(Operation operation, ModuleRef named) {
        if (operation == Operation.INSTALL) {
            return named;
        }
        return ledger.entries().values().stream()
                .filter(entry -> entry.installed().equals(named))
                .map(ModuleEntry::ref)
                .findFirst()
                .orElse(named);
    }
}
