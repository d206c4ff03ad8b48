package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * The readiness gate of the Pod that the base runs in: shut until the base has its modules, so that
 * it takes no traffic before and a rolling update of bases waits for it.
 *
 * <p>Once open it stays so until another process of the base starts: modules change while a base
 * serves, and their own Pods say so.
 */
final class RolloutGate {
    /** Why the gate is shut. */
    record Shut(String reason, String message) {}

    private final Duration delay;
    private final Duration retry;
    private List<PodOfBase> candidates = List.of();
    private Optional<PodOfBase> pod = Optional.empty();
    private OptionalLong readySince = OptionalLong.empty();
    private boolean open;
    private boolean busy;
    private long notBefore;
    private long wordsFrom;
    private int failures;
    private @Nullable Shut told;

    RolloutGate(VNodeSettings settings, Moment now) {
        this.delay = settings.baseStart().readyDelay();
        this.retry = settings.times().writeRetry();
        this.notBefore = now.nanos();
        this.wordsFrom = now.nanos();
    }

    Optional<PodOfBase> pod() {
        return pod;
    }

    /**
     * @param pods with the base's IP
     * @return whether the Pod that the base ran in is gone
     */
    boolean seen(List<PodOfBase> pods, String ip, String hostName) {
        boolean gone =
                pod.filter(PodOfBase::terminating).isPresent()
                        && pods.stream().noneMatch(c -> c.ref().equals(pod.get().ref()));
        candidates = pods;
        take(choose(candidates, ip, hostName));
        return gone;
    }

    /** The base says where it is: Pods there may have been told of before. */
    void located(String ip, String hostName) {
        Optional<PodOfBase> there = choose(candidates, ip, hostName);
        boolean another = !there.map(PodOfBase::ref).equals(pod.map(PodOfBase::ref));
        if (there.isPresent() && another) {
            take(there);
        }
    }

    private void take(Optional<PodOfBase> next) {
        boolean another = !next.map(PodOfBase::ref).equals(pod.map(PodOfBase::ref));
        if (another && next.isPresent()) {
            // What an earlier process of ours opened stays open.
            open = next.get().open();
            readySince = OptionalLong.empty();
            told = null;
        }
        pod = next;
    }

    /** Pods on the host's network share an IP, not a name. */
    private static Optional<PodOfBase> choose(
            List<PodOfBase> candidates, String ip, String hostName) {
        List<PodOfBase> at = candidates.stream().filter(c -> c.ip().equals(ip)).toList();
        List<PodOfBase> named =
                at.size() < 2
                        ? at
                        : at.stream().filter(c -> c.hostName().equals(hostName)).toList();
        return named.size() == 1 ? Optional.of(named.getFirst()) : Optional.empty();
    }

    /** Another process has none of the modules. */
    void baseRestarted() {
        open = false;
        readySince = OptionalLong.empty();
    }

    /** Whether the Pod's gate may have to be written. */
    boolean isNeeded() {
        return pod.filter(p -> p.gated() && !p.terminating() && !(open && p.open())).isPresent();
    }

    /**
     * @param nodeReady the Node is Ready, as everybody sees it
     * @param expected workloads that want a Pod on this Node
     * @param pods on this Node; those that are no module's never get Ready, and hold nothing up
     */
    void reconcile(
            boolean nodeReady,
            List<Workload> expected,
            List<ModulePod> pods,
            Outbox out,
            Moment now) {
        if (!isNeeded()) {
            return;
        }
        if (!nodeReady) {
            readySince = OptionalLong.empty();
        } else if (readySince.isEmpty()) {
            readySince = OptionalLong.of(now.nanos());
        }
        Optional<Shut> shut = open ? Optional.empty() : shut(expected, pods, out, now);
        open = shut.isEmpty();
        boolean turning = open || pod.get().open();
        boolean news = turning || !shut.get().equals(told);
        long from = turning ? notBefore : wordsFrom;
        if (news && !busy && !now.reached(from)) {
            out.wake(from);
        } else if (news && !busy) {
            boolean turns = open != pod.get().open() || told == null;
            busy = true;
            told = open ? null : shut.get();
            out.add(
                    new Effect.PatchBasePod(
                            pod.get().ref(),
                            open,
                            turns,
                            open ? "ModulesReady" : shut.get().reason(),
                            open ? "the base has its modules" : shut.get().message()));
        }
    }

    private Optional<Shut> shut(
            List<Workload> expected, List<ModulePod> pods, Outbox out, Moment now) {
        if (readySince.isEmpty()) {
            return Optional.of(new Shut("NodeNotReady", "the Node of this base is not Ready"));
        }
        long from = readySince.getAsLong() + delay.toNanos();
        if (!now.reached(from)) {
            out.wake(from);
            return Optional.of(new Shut("WaitingForPods", "the Node has just become Ready"));
        }
        List<String> missing =
                expected.stream()
                        .filter(w -> pods.stream().noneMatch(p -> p.living() && w.made(p)))
                        .map(w -> w.kind().inKubernetes() + " " + w.ref())
                        .sorted()
                        .toList();
        if (!missing.isEmpty()) {
            return Optional.of(new Shut("WaitingForPods", "no Pod here yet of " + first(missing)));
        }
        List<String> unready =
                pods.stream()
                        .filter(p -> p.labelled() && p.living())
                        .filter(p -> !p.status().isTrue(PodCondition.READY))
                        .map(p -> p.ref().toString())
                        .sorted()
                        .toList();
        return unready.isEmpty()
                ? Optional.empty()
                : Optional.of(new Shut("ModulesNotReady", "not Ready: Pod " + first(unready)));
    }

    private static String first(List<String> names) {
        return names.size() == 1
                ? names.getFirst()
                : names.getFirst() + " and " + (names.size() - 1) + " more";
    }

    void written(Effect.PatchBasePod effect, Outcome outcome, Moment now) {
        busy = false;
        switch (outcome) {
            case Outcome.Written written -> {
                failures = 0;
                // Pods get Ready one after the other: not each is worth a write.
                wordsFrom = now.plus(retry);
                pod = pod.filter(p -> p.ref().equals(effect.pod())).map(p -> opened(p, effect));
            }
            case Outcome.Missing() -> {
                candidates =
                        candidates.stream().filter(c -> !c.ref().equals(effect.pod())).toList();
                pod = pod.filter(p -> !p.ref().equals(effect.pod()));
            }
            default -> {
                told = null;
                notBefore = now.plus(retry.multipliedBy(1L << Math.min(failures, 6)));
                wordsFrom = notBefore;
                failures++;
            }
        }
    }

    private static PodOfBase opened(PodOfBase pod, Effect.PatchBasePod effect) {
        return new PodOfBase(
                pod.ref(), pod.ip(), pod.hostName(), pod.terminating(), pod.gated(), effect.open());
    }
}
