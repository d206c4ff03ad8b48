package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod.RestartPolicy;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Brings the modules of one base to what its Pods ask for, one key at a time. */
final class ModuleKeeper {
    /** After so many deadlines nobody waits for an answer that never came. */
    private static final int FORGIVEN_AFTER_DEADLINES = 10;

    private final VNodeSettings settings;
    private final Ledger ledger;
    private final BaseWatch watch;
    private final Pods pods;
    private final MetaspaceGuard guard;
    private final Map<ModuleRef, Slot> slots = new TreeMap<>();
    private final Map<ModuleRef, Retry> retries = new TreeMap<>();
    private Optional<ModuleList> latest = Optional.empty();
    private final Set<ModuleRef> heldBack = new TreeSet<>();

    ModuleKeeper(VNodeSettings settings, Ledger ledger, BaseWatch watch, Pods pods) {
        this.settings = settings;
        this.ledger = ledger;
        this.watch = watch;
        this.pods = pods;
        this.guard = new MetaspaceGuard(settings.limits());
    }

    Optional<Slot> slot(ModuleRef ref) {
        return Optional.ofNullable(slots.get(ref));
    }

    Optional<Retry> retry(ModuleRef ref) {
        return Optional.ofNullable(retries.get(ref)).filter(retry -> !retry.over());
    }

    /** Some failing module is held back so that the base does not run out of metaspace. */
    boolean pressure() {
        return !heldBack.isEmpty();
    }

    boolean heldBack(ModuleRef ref) {
        return heldBack.contains(ref);
    }

    /** Entries of an earlier process of ours: their commands may still be on their way. */
    void inherit(Moment now) {
        for (ModuleEntry entry : ledger.entries().values()) {
            Operation operation =
                    switch (entry.state()) {
                        case INSTALLING -> Operation.INSTALL;
                        case RELOADING, REMOVING -> Operation.UNINSTALL;
                        case INSTALLED -> null;
                    };
            if (operation != null) {
                Duration ago = Duration.between(entry.sentAt(), now.wall());
                long sentAt = now.nanos() - (ago.isNegative() ? 0 : ago.toNanos());
                slotOf(entry.ref(), now).inherited(operation, sentAt, deadline(operation), now);
            }
        }
    }

    private Slot slotOf(ModuleRef ref, Moment now) {
        return slots.computeIfAbsent(ref, key -> fresh(key, now));
    }

    private Slot fresh(ModuleRef ref, Moment now) {
        Slot slot = new Slot(ref, now);
        if (latest.isPresent()) {
            Optional<ModuleStatus> found = latest.get().find(installedRef(ref));
            if (found.isPresent() || ledger.entries().containsKey(ref)) {
                slot.listed(latest.get().askedAt(), found);
            }
        }
        return slot;
    }

    private ModuleRef installedRef(ModuleRef ref) {
        ModuleEntry entry = ledger.entries().get(ref);
        return entry == null ? ref : entry.installed();
    }

    Duration deadline(Operation operation) {
        return operation == Operation.INSTALL
                ? settings.times().installDeadline()
                : settings.times().uninstallDeadline();
    }

    void listed(ModuleList list, Outbox out, Moment now) {
        latest = Optional.of(list);
        ledger.entries().keySet().forEach(ref -> slotOf(ref, now));
        for (Slot slot : slots.values()) {
            slot.listed(list.askedAt(), list.find(installedRef(slot.ref)));
            if (slot.contradicted()) {
                fail(
                        slot.ref,
                        Operation.INSTALL,
                        Reason.REQUEST_REFUSED,
                        "the base says that it has the module, but does not list it: the jar's"
                                + " manifest names another module or version that is there already",
                        out,
                        now);
            }
        }
        retries.replaceAll((ref, retry) ->
                retry.besideOther() && !list.hasOtherVersionOf(ref) ? retry.dueNow(now) : retry);
    }

    /**
     * Another process of the base answers.
     *
     * @param start when it started
     * @return modules with a command that went to it already
     */
    Set<ModuleRef> baseRestarted(long start, Moment now) {
        latest = Optional.empty();
        Set<ModuleRef> sentSince = new TreeSet<>();
        for (Slot slot : slots.values()) {
            slot.baseRestarted(start, now);
            if (slot.unanswered() > 0) {
                sentSince.add(slot.ref);
            }
        }
        guard.baseRestarted();
        retries.clear();
        return sentSince;
    }

    void answered(TunnelEvent.CommandAnswered event, Outbox out, Moment now) {
        Optional<Slot> slot =
                event.ref().map(ref -> keyOf(event.operation(), ref)).flatMap(this::slot);
        boolean current = slot.isPresent() && slot.get().answered(event.operation(), now);
        if (!current || !tellsTheEnd(event.answer())) {
            watch.moduleQuestions().want(now.nanos());
        }
        if (!current) {
            return;
        }
        if (event.operation() == Operation.INSTALL) {
            installAnswered(slot.get(), event.answer(), out, now);
        } else {
            uninstallAnswered(slot.get(), event.answer(), out, now);
        }
    }

    /** After any other answer only a list tells how things are. */
    private static boolean tellsTheEnd(Answer answer) {
        return answer instanceof Answer.Done || answer instanceof Answer.NotThere;
    }

    private void installAnswered(Slot slot, Answer answer, Outbox out, Moment now) {
        switch (answer) {
            case Answer.Done(List<ModuleStatus> installed) -> {
                if (!installed.isEmpty()) {
                    slot.confirmPresent(installed.getFirst());
                    noteInstalled(slot.ref, installed.getFirst().ref(), out, now);
                }
            }
            case Answer.Failed(String message, String cause, Answer.Failure failure) ->
                    fail(slot.ref, Operation.INSTALL, Reason.of(failure), cause, out, now);
            case Answer.AlreadyThere() -> slot.saidToBeThere();
            case Answer.NotThere(), Answer.Busy() -> {
                // No verdict: the list that was asked for will tell.
            }
        }
    }

    private void noteInstalled(ModuleRef ref, ModuleRef actual, Outbox out, Moment now) {
        ModuleEntry entry = ledger.entries().get(ref);
        if (entry == null || entry.state() != EntryState.INSTALLING) {
            return;
        }
        ledger.putLazily(entry.installedAs(actual), now);
        out.tell(entry.owner(), Reason.INSTALLED, "module " + ref + " is installed");
        if (!actual.equals(ref)) {
            out.warn(
                    entry.owner(),
                    Reason.PARAMETER_INVALID,
                    "the jar's manifest says " + actual + ", the Pod says " + ref);
        }
    }

    private void uninstallAnswered(Slot slot, Answer answer, Outbox out, Moment now) {
        switch (answer) {
            case Answer.Done(List<ModuleStatus> installed) -> slot.confirmAbsent();
            case Answer.NotThere() -> slot.confirmAbsent();
            case Answer.Failed(String message, String cause, Answer.Failure failure) ->
                    fail(slot.ref, Operation.UNINSTALL, Reason.UNINSTALL_FAILED, cause, out, now);
            case Answer.AlreadyThere(), Answer.Busy() -> {
                // No verdict: the list that was asked for will tell.
            }
        }
    }

    /** Looks for deadlines that passed. */
    void expire(Outbox out, Moment now) {
        for (Slot slot : slots.values()) {
            Optional<Operation> operation = slot.flight().map(Slot.Flight::operation);
            if (slot.expire(now)) {
                boolean install = operation.orElseThrow() == Operation.INSTALL;
                if (install && slot.state().filter(ModuleKeeper::started).isPresent()) {
                    // The answer was lost, or taken for an earlier one's; a list told the end.
                    continue;
                }
                fail(
                        slot.ref,
                        operation.orElseThrow(),
                        install ? Reason.INSTALL_TIMED_OUT : Reason.UNINSTALL_TIMED_OUT,
                        "no answer within " + deadline(operation.orElseThrow()).toSeconds() + " s",
                        out,
                        now);
            }
            slot.forgive(
                    settings.times().installDeadline().multipliedBy(FORGIVEN_AFTER_DEADLINES), now);
        }
    }

    private static boolean started(ModuleState state) {
        return state == ModuleState.ACTIVATED || state == ModuleState.DEACTIVATED;
    }

    private void fail(
            ModuleRef ref,
            Operation operation,
            String reason,
            String message,
            Outbox out,
            Moment now) {
        Retry before = retries.get(ref);
        int failures = before == null ? 1 : before.failures() + 1;
        Optional<PodRef> owner =
                Optional.ofNullable(ledger.entries().get(ref)).map(ModuleEntry::owner);
        Duration pause = Retry.pause(failures, settings.times());
        boolean never =
                operation == Operation.INSTALL
                        && owner.flatMap(pod -> pods.get(pod.uid()))
                                .filter(this::never)
                                .isPresent();
        boolean beside = latest.map(list -> list.hasOtherVersionOf(ref)).orElse(false);
        long at = never ? Long.MAX_VALUE / 2 : now.plus(pause);
        Retry retry =
                new Retry(ref, operation, reason, message, failures, pause, at, beside, false);
        retries.put(ref, retry);
        boolean news =
                before == null
                        || before.over()
                        || !before.reason().equals(reason)
                        || !before.message().equals(message);
        if (news) {
            owner.ifPresent(pod -> out.warn(pod, reason, "module " + ref + ": " + retry.told()));
        }
    }

    private boolean never(TrackedPod pod) {
        return pod.pod().restartPolicy() == RestartPolicy.NEVER;
    }

    /** A command did not leave, or nobody knows. */
    void sendFinished(Command.OnModule command, Outcome outcome, Outbox out, Moment now) {
        Slot slot = slots.get(keyOf(command.operation(), command.ref()));
        if (slot == null) {
            return;
        }
        switch (outcome) {
            case Outcome.NotSent(String message) -> {
                slot.notSent(command.operation());
                slot.arm(command.operation());
            }
            case Outcome.Refused(String message) -> {
                slot.notSent(command.operation());
                slot.arm(command.operation());
                fail(slot.ref, command.operation(), Reason.SEND_REFUSED, message, out, now);
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

    void reconcile(boolean mayCommand, LeaseHold lease, Outbox out, Moment now) {
        // It may have been taken for a module as long as the base had not named it.
        watch.master()
                .filter(ledger.entries()::containsKey)
                .ifPresent(master -> ledger.erase(master, now));
        Map<ModuleRef, List<KeyView.Claim>> claims = pods.claims(watch.master());
        TreeSet<ModuleRef> keys = new TreeSet<>(claims.keySet());
        keys.addAll(ledger.entries().keySet());
        slots.values().removeIf(slot -> !keys.contains(slot.ref) && slot.unanswered() == 0);
        retries.keySet().retainAll(keys);
        pods.prune(ledger.entries().values());
        heldBack.retainAll(retries.keySet());
        for (ModuleRef ref : keys) {
            Slot slot = slotOf(ref, now);
            // A decision may lead to the next one at once: noted, then commanded.
            for (int i = 0; i < 3 && step(slot, claims, mayCommand, lease, out, now); i++) {}
            settleRetry(slot, now);
            wakes(slot, out, now);
        }
    }

    private boolean step(
            Slot slot,
            Map<ModuleRef, List<KeyView.Claim>> claims,
            boolean mayCommand,
            LeaseHold lease,
            Outbox out,
            Moment now) {
        KeyView view = view(slot, claims.getOrDefault(slot.ref, List.of()), mayCommand, now);
        return switch (KeyPlan.decide(view, now.wall())) {
            case KeyDecision.Rest() -> false;
            case KeyDecision.Note(ModuleEntry entry) -> {
                note(entry, now);
                yield true;
            }
            case KeyDecision.Forget() -> {
                forget(slot, out, now);
                yield true;
            }
            case KeyDecision.Broken() -> {
                String message = slot.status().map(ModuleStatus::message).orElse("");
                fail(
                        slot.ref,
                        Operation.INSTALL,
                        Reason.MODULE_FAILED,
                        firstLine(message),
                        out,
                        now);
                yield true;
            }
            case KeyDecision.LookUpOwner() -> {
                pods.lookUp(view.entry().orElseThrow().owner(), out);
                yield false;
            }
            case KeyDecision.NeedList() -> {
                long at = slot.oppositeOverAt(Operation.INSTALL, settings.times());
                at = Math.max(at, slot.oppositeOverAt(Operation.UNINSTALL, settings.times()));
                watch.moduleQuestions().want(now.reached(at) ? now.nanos() : at);
                yield false;
            }
            case KeyDecision.Command(Operation operation, ModuleEntry entry) -> {
                command(slot, operation, entry, lease, out, now);
                yield false;
            }
        };
    }

    private static String firstLine(String message) {
        return message.isBlank()
                ? "the module failed to start"
                : message.lines().findFirst().orElse("");
    }

    private void note(ModuleEntry entry, Moment now) {
        ModuleEntry before = ledger.entries().get(entry.ref());
        if (entry.state() == EntryState.INSTALLED) {
            ledger.putLazily(entry, now);
        } else {
            ledger.put(entry, now);
        }
        if (before == null || startsAnew(before, entry)) {
            retries.remove(entry.ref());
        }
    }

    /** Another owner, another jar or the end: what failed before does not count any more. */
    private static boolean startsAnew(ModuleEntry before, ModuleEntry entry) {
        boolean ends =
                before.state() != EntryState.REMOVING && entry.state() == EntryState.REMOVING;
        return ends
                || !before.owner().equals(entry.owner())
                || !before.urlHash().equals(entry.urlHash());
    }

    private void forget(Slot slot, Outbox out, Moment now) {
        ModuleEntry entry = ledger.entries().get(slot.ref);
        latest = latest.map(list -> list.without(installedRef(slot.ref)));
        ledger.erase(slot.ref, now);
        slot.disarm();
        retries.remove(slot.ref);
        if (entry != null && entry.state() == EntryState.REMOVING) {
            out.tell(entry.owner(), Reason.UNINSTALLED, "module " + slot.ref + " is uninstalled");
        }
    }

    private void command(
            Slot slot,
            Operation operation,
            ModuleEntry entry,
            LeaseHold lease,
            Outbox out,
            Moment now) {
        if (slot.justSent(operation, settings.times().backoffFirst(), now)) {
            out.wake(now.plus(settings.times().backoffFirst()));
            return;
        }
        if (!slot.armedFor(operation) || !entry.equals(ledger.entries().get(slot.ref))) {
            countRestart(slot, operation, entry, now);
            note(entry, now);
            ledger.put(entry, now);
            slot.arm(operation);
        }
        if (!ledger.covers(slot.ref) || occupied() >= settings.limits().unanswered()) {
            return;
        }
        Optional<Command> command = commandFor(operation, entry);
        if (command.isEmpty()) {
            return;
        }
        if (operation == Operation.INSTALL && retries.containsKey(slot.ref)) {
            guard.reinstalled(watch.health(), now);
        }
        slot.disarm();
        slot.sent(operation, deadline(operation), now);
        out.add(new Effect.Send(watch.tunnel(), command.get(), deadline(operation), lease.fence()));
    }

    private Optional<Command> commandFor(Operation operation, ModuleEntry entry) {
        if (operation == Operation.UNINSTALL) {
            return Optional.of(new Command.Uninstall(entry.installed()));
        }
        return pods.get(entry.owner().uid()).stream()
                .flatMap(pod -> pod.pod().containers().stream())
                .filter(c ->
                        c.wanted() instanceof ModuleContainer.Module m
                                && m.ref().equals(entry.ref()))
                .map(c -> (ModuleContainer.Module) c.wanted())
                .<Command>map(module -> new Command.Install(module.ref(), module.url()))
                .findFirst();
    }

    /** The owner's container has run or failed before: installing again is a restart. */
    private void countRestart(Slot slot, Operation operation, ModuleEntry entry, Moment now) {
        Optional<TrackedPod> owner = pods.get(entry.owner().uid());
        if (operation != Operation.INSTALL || owner.isEmpty()) {
            return;
        }
        ModuleEntry before = ledger.entries().get(slot.ref);
        Retry retry = retries.get(slot.ref);
        for (ModuleContainer container : owner.get().pod().containers()) {
            boolean ours =
                    container.wanted() instanceof ModuleContainer.Module module
                            && module.ref().equals(slot.ref);
            boolean ran = owner.get().startedAt(container.name()).isPresent();
            if (ours && (ran || retry != null && !retry.over())) {
                owner.get()
                        .restarts(
                                container.name(),
                                endedBecause(before, retry),
                                retry == null || retry.over() ? "" : retry.message(),
                                now.wall());
            }
        }
    }

    private static String endedBecause(@Nullable ModuleEntry before, @Nullable Retry retry) {
        if (retry != null && !retry.over()) {
            return retry.reason();
        }
        if (before == null) {
            return Reason.BASE_RESTARTED;
        }
        return before.state() == EntryState.RELOADING ? Reason.RELOADED : Reason.VANISHED;
    }

    /** How many listed modules are in each state. */
    Map<ModuleState, Integer> byState() {
        Map<ModuleState, Integer> counts = new EnumMap<>(ModuleState.class);
        latest.ifPresent(list ->
                list.modules().values().forEach(m -> counts.merge(m.state(), 1, Integer::sum)));
        return counts;
    }

    /** Workers of the base that may be busy with a command of ours. */
    private int occupied() {
        return (int) slots.values().stream().filter(Slot::occupies).count();
    }

    int unanswered() {
        return slots.values().stream().mapToInt(Slot::unanswered).sum();
    }

    private KeyView view(Slot slot, List<KeyView.Claim> claims, boolean mayCommand, Moment now) {
        Optional<ModuleEntry> entry = Optional.ofNullable(ledger.entries().get(slot.ref));
        Retry retry = retries.get(slot.ref);
        boolean reinstalls = retry == null || retry.over() || guard.open(watch.health(), now);
        hold(slot.ref, !reinstalls);
        return new KeyView(
                slot.ref,
                claims,
                entry,
                pods.owner(entry, now),
                new KeyView.ModuleView(
                        slot.flight().isPresent(),
                        slot.presence(),
                        slot.state(),
                        slot.armedFor(Operation.INSTALL),
                        retry != null && retry.blocks(Operation.INSTALL, now),
                        retry != null && retry.blocks(Operation.UNINSTALL, now),
                        retry != null && !retry.over() && retry.operation() == Operation.INSTALL,
                        latest.map(l -> l.hasOtherVersionOf(installedRef(slot.ref))).orElse(false)),
                new KeyView.Gates(
                        mayCommand,
                        mayCommand && !watch.notAnswering(now) && watch.active(),
                        slot.oppositeIsOver(Operation.INSTALL, settings.times()),
                        slot.oppositeIsOver(Operation.UNINSTALL, settings.times()),
                        reinstalls));
    }

    private void hold(ModuleRef ref, boolean back) {
        if (back) {
            heldBack.add(ref);
        } else {
            heldBack.remove(ref);
        }
    }

    private void settleRetry(Slot slot, Moment now) {
        Retry retry = retries.get(slot.ref);
        if (retry == null) {
            return;
        }
        boolean active = slot.state().filter(s -> s == ModuleState.ACTIVATED).isPresent();
        boolean removing =
                Optional.ofNullable(ledger.entries().get(slot.ref))
                        .filter(e -> e.state() == EntryState.REMOVING)
                        .isPresent();
        if (!retry.over() && active && !removing && slot.flight().isEmpty()) {
            retries.put(slot.ref, retry.overAt(now));
        } else if (retry.over()
                && active
                && now.reached(retry.at() + settings.times().backoffReset().toNanos())) {
            retries.remove(slot.ref);
        }
    }

    private void wakes(Slot slot, Outbox out, Moment now) {
        slot.flight().ifPresent(flight -> out.wake(flight.deadline()));
        Retry retry = retries.get(slot.ref);
        if (retry != null && retry.waiting(now)) {
            out.wake(retry.at());
        }
        if (slot.needsList() && ledger.entries().containsKey(slot.ref)) {
            long at = slot.listNotBefore();
            watch.moduleQuestions().want(now.reached(at) ? now.nanos() : at);
        }
        ModuleEntry entry = ledger.entries().get(slot.ref);
        if (entry != null) {
            long ends = pods.graceEnds(entry.owner().uid());
            out.wake(now.reached(ends) ? Long.MAX_VALUE : ends);
        }
    }

    /** When the first install of this Pod that has no answer yet was sent. */
    OptionalLong installSentAt(TrackedPod pod) {
        return pod.pod().containers().stream()
                .filter(c -> c.wanted() instanceof ModuleContainer.Module)
                .map(c -> ((ModuleContainer.Module) c.wanted()).ref())
                .filter(ref -> holds(pod, ref))
                .flatMap(ref -> slot(ref).flatMap(Slot::flight).stream())
                .filter(flight -> flight.operation() == Operation.INSTALL)
                .mapToLong(Slot.Flight::sentAt)
                .min();
    }

    /** True when nothing of this Pod is left to uninstall. */
    boolean mayGo(TrackedPod pod) {
        return pod.pod().containers().stream()
                .noneMatch(c ->
                        c.wanted() instanceof ModuleContainer.Module module
                                && holds(pod, module.ref()));
    }

    private boolean holds(TrackedPod pod, ModuleRef ref) {
        ModuleEntry entry = ledger.entries().get(ref);
        return entry != null && entry.owner().uid().equals(pod.pod().ref().uid());
    }

    /** Modules that no record explains, as {@code name:version}. */
    List<String> unknown() {
        TreeSet<ModuleRef> unknown = new TreeSet<>();
        latest.ifPresent(list -> unknown.addAll(list.modules().keySet()));
        ledger.entries().values().forEach(entry -> unknown.remove(entry.installed()));
        watch.master().ifPresent(unknown::remove);
        return unknown.stream().map(ModuleRef::toString).toList();
    }

    /** True for the base's own biz, which no Pod may ask for. */
    boolean isMaster(ModuleRef ref) {
        return watch.master().filter(ref::equals).isPresent();
    }

    Optional<Instant> changedAt(ModuleRef ref) {
        return slot(ref).flatMap(Slot::status).flatMap(ModuleStatus::changedAt);
    }
}
