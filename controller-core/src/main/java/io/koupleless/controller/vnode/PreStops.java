package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.Deletion;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Keeps a module where it is until its preStop hook is over, at most for the grace that its Pod
 * has.
 *
 * <p>A hook that an earlier process of ours began goes on: the Pod's deletionTimestamp tells since
 * when. One that calls is called again.
 */
final class PreStops {
    private static final class Hook {
        private final long from;
        private boolean over;
        private boolean calling;

        private Hook(long from) {
            this.from = from;
        }
    }

    private final ProbeTargets targets;
    private final BaseWatch watch;
    private final Ledger ledger;
    private final Slots slots;
    private final Probes probes;
    private final Map<Probes.Key, Hook> hooks = new HashMap<>();

    PreStops(ProbeTargets targets, BaseWatch watch, Ledger ledger, Slots slots, Probes probes) {
        this.targets = targets;
        this.watch = watch;
        this.ledger = ledger;
        this.slots = slots;
        this.probes = probes;
    }

    /** Some module of this Pod has to stay yet. */
    boolean hold(TrackedPod pod) {
        return pod.pod().containers().stream()
                .anyMatch(c -> holds(pod.pod().ref().uid(), c.name()));
    }

    /** This module has to stay yet, for this Pod. */
    boolean hold(TrackedPod pod, ModuleRef ref) {
        return pod.pod().containers().stream()
                .filter(c -> asksFor(c, ref))
                .anyMatch(c -> holds(pod.pod().ref().uid(), c.name()));
    }

    private static boolean asksFor(ModuleContainer container, ModuleRef ref) {
        return container.wanted() instanceof ModuleContainer.Module module
                && module.ref().equals(ref);
    }

    private boolean holds(String uid, String container) {
        Hook hook = hooks.get(new Probes.Key(uid, container));
        return hook != null && !hook.over;
    }

    /**
     * @param mayCall the base and our way to it are known to be well
     */
    void reconcile(Pods pods, boolean mayCall, Outbox out, Moment now) {
        Set<Probes.Key> ending = new HashSet<>();
        for (TrackedPod pod : pods.all()) {
            for (ModuleContainer container : pod.pod().containers()) {
                Optional<Duration> grace = container.preStop().flatMap(_ -> grace(pod, container));
                if (grace.isPresent()
                        && container.wanted() instanceof ModuleContainer.Module module) {
                    Probes.Key key = new Probes.Key(pod.pod().ref().uid(), container.name());
                    ending.add(key);
                    go(key, pod, container, module.ref(), grace.get(), mayCall, out, now);
                }
            }
        }
        hooks.keySet().retainAll(ending);
    }

    /** How much time there is; empty when nothing ends. */
    private Optional<Duration> grace(TrackedPod pod, ModuleContainer container) {
        return pod.pod().terminating()
                ? pod.pod().deletion().map(Deletion::grace)
                : probes.of(pod, container.name()).flatMap(ProbedRun::graceOfFailure);
    }

    private void go(
            Probes.Key key,
            TrackedPod pod,
            ModuleContainer container,
            ModuleRef ref,
            Duration grace,
            boolean mayCall,
            Outbox out,
            Moment now) {
        Hook hook = hooks.get(key);
        if (hook == null) {
            if (!runs(pod, ref)) {
                return;
            }
            hook = new Hook(now.nanos() - elapsed(pod, grace, now).toNanos());
            hooks.put(key, hook);
        }
        if (hook.over) {
            return;
        }
        PreStop what = container.preStop().orElseThrow();
        long end = hook.from + grace.toNanos();
        if (what instanceof PreStop.Sleep(Duration time) && time.compareTo(grace) < 0) {
            end = hook.from + time.toNanos();
        }
        hook.over = now.reached(end);
        if (what instanceof PreStop.Call(var check)) {
            if (hook.over) {
                failed(pod, container, "not over within " + grace.toSeconds() + " s", out);
            } else if (!hook.calling && mayCall) {
                call(key, hook, pod, container, check, ref, end, out, now);
            }
        }
        if (!hook.over) {
            out.wake(end);
        }
    }

    /** A module that does not serve has nothing to be prepared. */
    private boolean runs(TrackedPod pod, ModuleRef ref) {
        Optional<ModuleEntry> entry = ledger.entry(ref);
        Optional<ModuleState> state = slots.get(ref).flatMap(Slot::state);
        boolean active = state.filter(s -> s == ModuleState.ACTIVATED).isPresent();
        if (entry.isEmpty()) {
            return active;
        }
        return ledger.owns(pod.pod().ref(), ref)
                && entry.get().state() == EntryState.INSTALLED
                && (active || state.isEmpty() && !absent(ref));
    }

    private boolean absent(ModuleRef ref) {
        return slots.get(ref).filter(s -> s.presence() == Slot.Presence.ABSENT).isPresent();
    }

    /** Clocks may differ: what we saw ourselves counts from when we saw it. */
    private static Duration elapsed(TrackedPod pod, Duration grace, Moment now) {
        if (pod.seenLiving()) {
            return Duration.ZERO;
        }
        Duration since =
                pod.pod()
                        .deletion()
                        .map(deletion -> Duration.between(deletion.askedAt(), now.wall()))
                        .orElse(Duration.ZERO);
        if (since.isNegative()) {
            return Duration.ZERO;
        }
        return since.compareTo(grace) > 0 ? grace : since;
    }

    private void call(
            Probes.Key key,
            Hook hook,
            TrackedPod pod,
            ModuleContainer container,
            Check.HttpGet check,
            ModuleRef ref,
            long end,
            Outbox out,
            Moment now) {
        ProbeTargets.Aim aim =
                targets.of(check, ledger.installedRef(ref), watch.base(), watch.health());
        switch (aim) {
            case ProbeTargets.At(var target) -> {
                hook.calling = true;
                out.add(
                        new Effect.CallHook(
                                key.uid(),
                                key.container(),
                                target,
                                Duration.ofNanos(end - now.nanos())));
            }
            case ProbeTargets.Unknown(String why) -> {
                watch.questions().health().want(now.nanos());
                out.wake(now.plus(Duration.ofSeconds(1)));
            }
            case ProbeTargets.Nowhere(String why) -> {
                hook.over = true;
                failed(pod, container, why, out);
            }
        }
    }

    /** The answer to a call, whatever it says, ends the hook. */
    void called(Effect.CallHook call, Outcome outcome, Pods pods, Outbox out) {
        Hook hook = hooks.get(new Probes.Key(call.uid(), call.container()));
        if (hook == null || hook.over) {
            return;
        }
        hook.over = true;
        if (outcome instanceof Outcome.Checked(CheckResult result)) {
            String problem =
                    switch (result) {
                        case CheckResult.Good _ -> "";
                        case CheckResult.Bad(String message, _) -> message;
                        case CheckResult.Unasked(String message) -> message;
                    };
            Optional<TrackedPod> pod = pods.get(call.uid());
            if (!problem.isEmpty() && pod.isPresent()) {
                out.warn(
                        pod.get().pod().ref(),
                        Reason.HOOK_FAILED,
                        "container " + call.container() + ": preStop hook failed: " + problem);
            }
        }
    }

    private static void failed(TrackedPod pod, ModuleContainer container, String why, Outbox out) {
        out.warn(
                pod.pod().ref(),
                Reason.HOOK_FAILED,
                "container " + container.name() + ": preStop hook failed: " + why);
    }
}
