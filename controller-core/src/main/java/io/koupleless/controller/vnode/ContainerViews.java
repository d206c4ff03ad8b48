package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerView;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod.RestartPolicy;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says how each container of a Pod stands, from the record and from what the base says. */
final class ContainerViews {
    private final Duration stale;
    private final BaseWatch watch;
    private final Pods pods;
    private final Ledger ledger;
    private final Slots slots;
    private final Failures failures;
    private final Probes probes;
    private final ProbeTargets targets;

    /**
     * @param stale what the base said of a module longer ago says nothing new
     */
    ContainerViews(
            Duration stale,
            BaseWatch watch,
            Pods pods,
            Ledger ledger,
            Slots slots,
            Failures failures,
            Probes probes,
            ProbeTargets targets) {
        this.stale = stale;
        this.watch = watch;
        this.pods = pods;
        this.ledger = ledger;
        this.slots = slots;
        this.failures = failures;
        this.probes = probes;
        this.targets = targets;
    }

    ContainerView of(TrackedPod pod, ModuleContainer container, Moment now) {
        return switch (container.wanted()) {
            case ModuleContainer.Invalid(String reason, String message) ->
                    waitingOrOver(pod, reason, message);
            case ModuleContainer.Module module ->
                    watch.isMaster(module.ref())
                            ? waitingOrOver(
                                    pod,
                                    Reason.PARAMETER_INVALID,
                                    module.ref() + " is the base itself and cannot be installed")
                            : ofModule(pod, container, module.ref(), now);
        };
    }

    private ContainerView ofModule(
            TrackedPod pod, ModuleContainer container, ModuleRef ref, Moment now) {
        ModuleEntry entry = ledger.entries().get(ref);
        Optional<String> refused =
                ledger.owns(pod.pod().ref(), ref)
                        ? Optional.empty()
                        : targets.refused(container, watch.base());
        if (refused.isPresent()) {
            return waitingOrOver(pod, Reason.PARAMETER_INVALID, refused.get());
        }
        Optional<ModuleEntry> other = ledger.holderOf(ref, ref);
        if (entry == null && other.isPresent()) {
            return new ContainerView.Waiting(
                    Reason.OWNED_BY_OTHER,
                    "the jar of Pod " + other.get().owner() + " calls itself " + ref);
        }
        if (noRoom(pod, ref, entry)) {
            return new ContainerView.Waiting(
                    Reason.METASPACE_FULL,
                    "not installed while the base's metaspace is nearly used up");
        }
        if (entry == null) {
            return unrecorded(pod, container, ref);
        }
        if (!entry.owner().uid().equals(pod.pod().ref().uid())) {
            return ofOther(entry);
        }
        Optional<Slot> slot = slots.get(ref);
        Optional<ModuleState> state = slot.flatMap(Slot::state);
        Optional<Retry> open = failures.open(ref);
        if (entry.state() == EntryState.RELOADING && open.isEmpty()) {
            return new ContainerView.Waiting(Reason.RELOADED, "being installed again");
        }
        if (entry.state() == EntryState.RELOADING) {
            // What is still there is another jar, another Pod's, or ill.
            return open.get().operation() == Operation.INSTALL
                    ? failed(pod, open.get())
                    : new ContainerView.Waiting(open.get().reason(), open.get().told());
        }
        if (entry.state() == EntryState.INSTALLED && doubted(slot)) {
            return showsRunning(pod, container)
                    ? new ContainerView.Unchanged()
                    : new ContainerView.Waiting(Reason.VANISHED, "the base stopped listing it");
        }
        if (absent(slot) && pod.spent(container.name())) {
            return new ContainerView.Over(Reason.VANISHED, "the base stopped listing it");
        }
        if (state.filter(s -> s == ModuleState.ACTIVATED).isPresent()) {
            return slot.filter(s -> s.thereWithin(stale, now)).isPresent()
                    ? active(pod, container, ref, now)
                    : new ContainerView.Unchanged();
        }
        if (open.isPresent()) {
            return failed(pod, open.get());
        }
        return state.map(s -> known(ref, s)).orElseGet(() -> unknown(pod, container, entry, slot));
    }

    /** The base has not had the install, and is spared it. */
    private boolean noRoom(TrackedPod pod, ModuleRef ref, @Nullable ModuleEntry entry) {
        Optional<Slot> slot = slots.get(ref);
        boolean notSent =
                entry == null
                        || (entry.state() == EntryState.INSTALLING
                                && entry.owner().equals(pod.pod().ref())
                                && slot.flatMap(Slot::flight).isEmpty());
        return notSent
                && slot.flatMap(Slot::state).isEmpty()
                && failures.open(ref).isEmpty()
                && !failures.room(ref);
    }

    private ContainerView unrecorded(TrackedPod pod, ModuleContainer container, ModuleRef ref) {
        String lost = "the base does not have the module any more";
        if (pod.spent(container.name())) {
            return absent(slots.get(ref))
                    ? new ContainerView.Over(Reason.BASE_RESTARTED, lost)
                    : new ContainerView.Unchanged();
        }
        return pod.startedAt(container.name()).isPresent()
                ? new ContainerView.Waiting(Reason.BASE_RESTARTED, lost)
                : new ContainerView.Creating("");
    }

    private static boolean absent(Optional<Slot> slot) {
        return slot.filter(s -> s.presence() == Slot.Presence.ABSENT).isPresent();
    }

    private ContainerView ofOther(ModuleEntry entry) {
        boolean leaving =
                pods.get(entry.owner().uid()).map(p -> p.pod().terminating()).orElse(true);
        String message = "module " + entry.ref() + " belongs to Pod " + entry.owner();
        return leaving
                ? new ContainerView.Creating(message + ", which is leaving")
                : new ContainerView.Waiting(Reason.OWNED_BY_OTHER, message);
    }

    private static boolean showsRunning(TrackedPod pod, ModuleContainer container) {
        return pod.status()
                .container(container.name())
                .filter(status -> status.state() instanceof ContainerState.Running)
                .isPresent();
    }

    private static boolean doubted(Optional<Slot> slot) {
        return slot.filter(s -> s.presence() == Slot.Presence.DOUBTED).isPresent();
    }

    private ContainerView active(
            TrackedPod pod, ModuleContainer container, ModuleRef ref, Moment now) {
        Instant since =
                pod.startedAt(container.name())
                        .or(() -> changedAt(ref).filter(at -> !at.isAfter(now.wall())))
                        .orElse(now.wall());
        pod.started(container.name(), since);
        if (container.probes().isEmpty()) {
            return new ContainerView.Active(since);
        }
        Optional<ProbedRun> run = probes.of(pod, container.name());
        return new ContainerView.Active(
                since,
                run.filter(ProbedRun::started).isPresent(),
                run.filter(ProbedRun::ready).isPresent());
    }

    private Optional<Instant> changedAt(ModuleRef ref) {
        return slots.get(ref).flatMap(Slot::status).flatMap(ModuleStatus::changedAt);
    }

    private ContainerView failed(TrackedPod pod, Retry retry) {
        boolean never = pod.pod().restartPolicy() == RestartPolicy.NEVER;
        if (!never && failures.heldBack(retry.ref())) {
            return new ContainerView.Waiting(
                    Reason.METASPACE_FULL,
                    "not installed again until the base's metaspace falls: " + retry.message());
        }
        return never
                ? new ContainerView.Over(retry.reason(), retry.message())
                : new ContainerView.Waiting(retry.reason(), retry.told());
    }

    private ContainerView waitingOrOver(TrackedPod pod, String reason, String message) {
        return pod.pod().restartPolicy() == RestartPolicy.NEVER
                ? new ContainerView.Over(reason, message)
                : new ContainerView.Waiting(reason, message);
    }

    private static ContainerView known(ModuleRef ref, ModuleState state) {
        return switch (state) {
            case DEACTIVATED ->
                    new ContainerView.Waiting(
                            Reason.OTHER_VERSION_ACTIVE,
                            "another version of "
                                    + ref.name()
                                    + " is the active one; this one is activated when that is gone");
            case BROKEN ->
                    new ContainerView.Waiting(Reason.MODULE_FAILED, "the module failed to start");
            case ACTIVATED, UNRESOLVED, RESOLVED, STOPPED, UNKNOWN ->
                    new ContainerView.Waiting(Reason.STARTING, "the module is starting");
        };
    }

    private static ContainerView unknown(
            TrackedPod pod, ModuleContainer container, ModuleEntry entry, Optional<Slot> slot) {
        boolean lost = absent(slot);
        boolean ran = pod.startedAt(container.name()).isPresent();
        if (entry.state() == EntryState.INSTALLED && !lost) {
            return new ContainerView.Unchanged();
        }
        boolean again = ran || pod.restarts().containsKey(container.name());
        return again
                ? new ContainerView.Waiting(Reason.STARTING, "being installed again")
                : new ContainerView.Creating("");
    }
}
