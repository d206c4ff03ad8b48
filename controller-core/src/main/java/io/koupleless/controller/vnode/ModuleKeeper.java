package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.random.RandomGenerator;

/** Brings the modules of one base to what its Pods ask for, one key at a time. */
final class ModuleKeeper {
    private static final Duration LIST_DURING_INSTALLS = Duration.ofSeconds(1);

    private final Ledger ledger;
    private final BaseWatch watch;
    private final Pods pods;
    private final Slots slots;
    private final Failures failures;
    private final Commands commands;
    private final Answers answers;
    private final Baseline baseline;
    private final Departures departures;
    private final Strays strays;
    private final boolean orphansGo;
    private final ProbeTargets targets;
    private final Probes probes;
    private final PreStops preStops;
    private final Expectations expectations;

    ModuleKeeper(
            VNodeSettings settings,
            Ledger ledger,
            BaseWatch watch,
            Pods pods,
            ProbeTargets targets,
            RandomGenerator random,
            Moment now) {
        VNodeSettings.Times times = settings.times();
        this.ledger = ledger;
        this.watch = watch;
        this.pods = pods;
        this.slots = new Slots(times, ledger);
        this.failures = new Failures(settings, ledger, pods, slots);
        this.expectations = new Expectations(settings);
        this.commands = new Commands(settings, ledger, pods, slots, failures, expectations);
        this.baseline = new Baseline(times);
        this.departures = new Departures(settings, watch, slots, failures, baseline);
        this.strays = new Strays(settings);
        this.orphansGo = settings.orphans() != VNodeSettings.Orphans.LEAVE;
        this.targets = targets;
        this.probes = new Probes(settings, targets, watch, ledger, failures, random, now);
        this.preStops = new PreStops(targets, watch, ledger, slots, probes);
        this.answers = new Answers(times, ledger, slots, failures, watch.questions().modules());
    }

    Slots slots() {
        return slots;
    }

    Failures failures() {
        return failures;
    }

    Baseline baseline() {
        return baseline;
    }

    Probes probes() {
        return probes;
    }

    PreStops preStops() {
        return preStops;
    }

    Expectations expectations() {
        return expectations;
    }

    Answers answers() {
        return answers;
    }

    /**
     * Another process of the base answers.
     *
     * @param start when it started
     * @return modules with a command that went to it already
     */
    Set<ModuleRef> baseRestarted(long start, Moment now) {
        failures.baseRestarted();
        baseline.baseRestarted();
        strays.baseRestarted();
        return slots.baseRestarted(start, now);
    }

    void reconcile(boolean mayCommand, long fence, Outbox out, Moment now) {
        // It may have been taken for a module as long as the base had not named it.
        watch.master()
                .filter(ledger.entries()::containsKey)
                .ifPresent(master -> ledger.erase(master, now));
        pods.remember(ledger.entries().values());
        preStops.reconcile(pods, mayCommand, out, now);
        Map<ModuleRef, List<KeyView.Claim>> claims = pods.claims(watch.master());
        Set<ModuleRef> askedFor = Set.copyOf(claims.keySet());
        claims.values().forEach(ofKey -> ofKey.removeIf(this::refused));
        claims.values().removeIf(List::isEmpty);
        TreeSet<ModuleRef> keys = new TreeSet<>(claims.keySet());
        keys.addAll(ledger.entries().keySet());
        if (baseline.isFresh()) {
            keys.addAll(expectations.keys());
            watch.master().ifPresent(keys::remove);
        }
        expectations.retain(ledger.entries().values());
        Set<ModuleRef> unknown = new TreeSet<>(slots.unexplained(watch.master()));
        unknown.removeAll(keys);
        unknown.removeAll(askedFor);
        keys.addAll(strays.of(unknown, now));
        slots.retain(keys);
        failures.retain(keys);
        pods.prune(ledger.entries().values());
        for (ModuleRef ref : keys) {
            Slot slot = slots.of(ref, now);
            List<KeyView.Claim> ofKey = claims.getOrDefault(ref, List.of());
            // A decision may lead to the next one at once: noted, then commanded.
            for (int i = 0; i < 3 && step(slot, ofKey, mayCommand, out, now); i++) {}
        }
        // What is asked for before its Node is known would be answered without what is to come.
        if (mayCommand && expectations.settled()) {
            boolean wanted =
                    (baseline.isFresh() && !expectations.keys().isEmpty())
                            || claims.values().stream()
                                    .flatMap(List::stream)
                                    .anyMatch(c -> c.pod().living());
            departures.leave(wanted, fence, out, now);
        }
        for (ModuleRef ref : keys) {
            Slot slot = slots.of(ref, now);
            if (!probes.failed(ref)) {
                failures.settle(slot, now);
            }
            wakes(slot, out, now);
        }
        out.wake(strays.nextLook(now));
    }

    /** What is on the base and stays there though no Pod asks for it, as {@code name:version}. */
    List<String> leftAlone(Moment now) {
        Set<ModuleRef> left = new TreeSet<>(slots.unknown(watch.master()));
        for (ModuleEntry entry : ledger.entries().values()) {
            boolean orphan = pods.owner(Optional.of(entry), now) == KeyView.Owner.MISSING_LONG;
            if (orphan && !orphansGo) {
                left.add(entry.installed());
            }
        }
        return left.stream().map(ModuleRef::toString).toList();
    }

    private boolean step(
            Slot slot, List<KeyView.Claim> claims, boolean mayCommand, Outbox out, Moment now) {
        KeyView view = view(slot, claims, mayCommand, now);
        return switch (KeyPlan.decide(view, now.wall())) {
            case KeyDecision.Rest() -> false;
            case KeyDecision.Note(ModuleEntry entry) -> {
                commands.note(entry, now);
                yield true;
            }
            case KeyDecision.Forget() -> {
                commands.forget(slot, out, now);
                yield true;
            }
            case KeyDecision.Broken() -> {
                broken(slot, out, now);
                yield true;
            }
            case KeyDecision.LookUpOwner() -> {
                pods.lookUp(view.entry().orElseThrow().owner(), out);
                yield false;
            }
            case KeyDecision.NeedList() -> {
                long at = slot.oppositeOverAt(Operation.INSTALL);
                at = Math.max(at, slot.oppositeOverAt(Operation.UNINSTALL));
                wantList(at, now);
                yield false;
            }
            case KeyDecision.Command command -> {
                commands.prepare(slot, command, departures, out, now);
                yield false;
            }
        };
    }

    /** Its probes cannot be run on this base; a module that it has already stays. */
    private boolean refused(KeyView.Claim claim) {
        return !ledger.owns(claim.pod().ref(), claim.module().ref())
                && claim.pod().containers().stream()
                        .filter(container -> container.wanted().equals(claim.module()))
                        .anyMatch(c -> targets.refused(c, watch.base()).isPresent());
    }

    private boolean stopping(KeyView.Claim claim) {
        return pods.get(claim.pod().ref().uid())
                .filter(pod -> preStops.hold(pod, claim.module().ref()))
                .isPresent();
    }

    private void broken(Slot slot, Outbox out, Moment now) {
        String message =
                slot.status()
                        .map(ModuleStatus::message)
                        .flatMap(text -> text.lines().findFirst())
                        .filter(line -> !line.isBlank())
                        .orElse("the module failed to start");
        failures.add(slot.ref, Operation.INSTALL, FailureCode.MODULE, message, out, now);
    }

    private void wantList(long at, Moment now) {
        watch.questions().modules().want(now.reached(at) ? now.nanos() : at);
    }

    private KeyView view(Slot slot, List<KeyView.Claim> claims, boolean mayCommand, Moment now) {
        Optional<ModuleEntry> entry = ledger.entry(slot.ref);
        Optional<Retry> failure = failures.open(slot.ref);
        boolean nobodys = entry.filter(e -> e.owner().isNobody()).isPresent();
        return new KeyView(
                slot.ref,
                claims,
                entry,
                nobodys ? expectations.owner(entry.get(), pods, now) : pods.owner(entry, now),
                new KeyView.ModuleView(
                        slot.flight().isPresent(),
                        slot.presence(),
                        slot.state(),
                        slot.armedFor(Operation.INSTALL),
                        failure.filter(f -> f.blocks(Operation.INSTALL, now)).isPresent(),
                        failure.filter(f -> f.blocks(Operation.UNINSTALL, now)).isPresent(),
                        failure.filter(f -> f.operation() == Operation.INSTALL).isPresent(),
                        slots.hasOtherVersionOf(ledger.installedRef(slot.ref)),
                        ledger.holderOf(slot.ref, slot.ref).isPresent(),
                        probes.failed(slot.ref),
                        claims.stream().anyMatch(this::stopping),
                        slot.jarUnderWay()),
                new KeyView.Gates(
                        mayCommand,
                        mayCommand && !watch.notAnswering(now) && watch.active(),
                        slot.oppositeIsOver(Operation.INSTALL),
                        slot.oppositeIsOver(Operation.UNINSTALL),
                        failures.mayReinstall(slot.ref, watch.health(), now),
                        failures.room(slot.ref),
                        orphansGo,
                        strays.over(slot.ref, pods, now)),
                baseline.isFresh() ? expectations.of(slot.ref) : Optional.empty());
    }

    /**
     * What an install brings is there before its answer, which is the last of a whole batch's and
     * may never come. What takes no second is not looked at.
     */
    private void listWhile(CommandCount.Flight install, Outbox out, Moment now) {
        long last = Math.max(install.sentAt(), watch.questions().modules().lastAsked());
        long next = last + LIST_DURING_INSTALLS.toNanos();
        if (now.reached(next)) {
            wantList(next, now);
        } else {
            out.wake(next);
        }
    }

    private void wakes(Slot slot, Outbox out, Moment now) {
        slot.flight()
                .ifPresent(flight -> {
                    out.wake(flight.deadline());
                    if (flight.operation() == Operation.INSTALL) {
                        listWhile(flight, out, now);
                    }
                });
        failures.last(slot.ref)
                .filter(retry -> retry.waiting(now))
                .ifPresent(retry -> out.wake(retry.at()));
        Optional<ModuleEntry> entry = ledger.entry(slot.ref);
        if (entry.isPresent()) {
            // An install that only waits for its record leaves whatever a list says.
            boolean leaves =
                    entry.get().state() == EntryState.INSTALLING
                            && slot.armedFor(Operation.INSTALL);
            if (slot.needsList() && !leaves) {
                wantList(slot.listNotBefore(), now);
            }
            long ends = pods.graceEnds(entry.get().owner().uid());
            out.wake(now.reached(ends) ? Long.MAX_VALUE : ends);
            out.wake(expectations.nextLook(entry.get(), now));
        }
    }
}
