package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Carries out what was decided about a module: writes it down; once that is stored, it leaves. */
final class Commands {
    private final VNodeSettings settings;
    private final Ledger ledger;
    private final Pods pods;
    private final Slots slots;
    private final Failures failures;
    private final Expectations expectations;

    Commands(
            VNodeSettings settings,
            Ledger ledger,
            Pods pods,
            Slots slots,
            Failures failures,
            Expectations expectations) {
        this.settings = settings;
        this.ledger = ledger;
        this.pods = pods;
        this.slots = slots;
        this.failures = failures;
        this.expectations = expectations;
    }

    void note(ModuleEntry entry, Moment now) {
        failures.noted(ledger.entries().get(entry.ref()), entry);
        if (entry.state() == EntryState.INSTALLED) {
            ledger.putLazily(entry, now);
        } else {
            ledger.put(entry, now);
        }
    }

    void forget(Slot slot, Outbox out, Moment now) {
        Optional<ModuleEntry> entry = ledger.entry(slot.ref);
        slots.uninstalled(ledger.installedRef(slot.ref));
        ledger.erase(slot.ref, now);
        slot.disarm();
        failures.forget(slot.ref);
        entry.filter(e -> e.state() == EntryState.REMOVING)
                .ifPresent(e ->
                        out.tell(
                                e.owner(),
                                Reason.UNINSTALLED,
                                "module " + slot.ref + " is uninstalled"));
    }

    /** Gets a command ready to leave; otherwise the same decision comes again. */
    void prepare(
            Slot slot,
            KeyDecision.Command decision,
            Departures departures,
            Outbox out,
            Moment now) {
        Operation operation = decision.operation();
        ModuleEntry entry = decision.entry();
        Duration pause = settings.times().backoffFirst();
        if (slot.justSent(operation, pause, now)) {
            out.wake(now.plus(pause));
            return;
        }
        if (!slot.armedFor(operation) || !entry.equals(ledger.entries().get(slot.ref))) {
            if (operation == Operation.INSTALL) {
                countRestart(entry, now);
            }
            note(entry, now);
            slot.arm(operation);
        }
        if (ledger.covers(slot.ref)) {
            Optional<ModulePod> owner = pods.get(entry.owner().uid()).map(TrackedPod::pod);
            command(operation, entry)
                    .map(command -> new Departures.Ready(slot, entry, command, owner))
                    .ifPresent(departures::add);
        }
    }

    private Optional<Command.OnModule> command(Operation operation, ModuleEntry entry) {
        if (operation == Operation.UNINSTALL) {
            return Optional.of(new Command.Uninstall(entry.installed()));
        }
        Stream<ModuleContainer.Module> asked =
                entry.owner().isNobody()
                        ? expectations.of(entry.ref()).stream()
                        : pods.get(entry.owner().uid()).stream().flatMap(TrackedPod::modules);
        return asked.filter(module -> module.ref().equals(entry.ref()))
                .<Command.OnModule>map(
                        module -> new Command.Install(module.ref(), module.url(), module.args()))
                .findFirst();
    }

    /** The owner's container has run or failed before: installing again is a restart. */
    private void countRestart(ModuleEntry entry, Moment now) {
        Optional<TrackedPod> owner = pods.get(entry.owner().uid());
        if (owner.isEmpty()) {
            return;
        }
        ModuleEntry before = ledger.entries().get(entry.ref());
        Optional<Retry> retry = failures.open(entry.ref());
        for (ModuleContainer container : owner.get().pod().containers()) {
            boolean ran = owner.get().startedAt(container.name()).isPresent();
            if (asksFor(container, entry.ref()) && (ran || retry.isPresent())) {
                owner.get()
                        .restarts(
                                container.name(),
                                retry.map(Retry::reason).orElseGet(() -> endedBecause(before)),
                                retry.map(Retry::message).orElse(""),
                                now.wall());
            }
        }
    }

    private static boolean asksFor(ModuleContainer container, ModuleRef ref) {
        return container.wanted() instanceof ModuleContainer.Module module
                && module.ref().equals(ref);
    }

    private static String endedBecause(@Nullable ModuleEntry before) {
        if (before == null) {
            return Reason.BASE_RESTARTED;
        }
        return before.state() == EntryState.RELOADING ? Reason.RELOADED : Reason.VANISHED;
    }
}
