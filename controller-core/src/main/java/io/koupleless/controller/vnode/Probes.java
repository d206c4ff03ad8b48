package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ContainerView;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ProbeKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * Runs the probes of the modules of one base: which is due, and what its result means.
 *
 * <p>A failure that our own network may have caused counts only once the base has been heard since.
 */
final class Probes {
    private static final Duration AGAIN = Duration.ofSeconds(1);
    private static final long BETWEEN_WORDS = Duration.ofMinutes(1).toNanos();
    private static final int MOST_WORDS = 10;

    /** One container of one Pod. */
    record Key(String uid, String container) {}

    private final VNodeSettings.Probing settings;
    private final Duration queryDeadline;
    private final ProbeTargets targets;
    private final BaseWatch watch;
    private final Ledger ledger;
    private final Failures failures;
    private final RandomGenerator random;
    private final Map<Key, ProbedRun> runs = new HashMap<>();
    private final PriorityQueue<ScheduledProbe> queue = new PriorityQueue<>(ScheduledProbe::byDue);
    private final Map<Long, ScheduledProbe> underWay = new HashMap<>();
    private final List<ScheduledProbe> unproven = new ArrayList<>();
    private final List<ScheduledProbe> all = new ArrayList<>();
    private final Set<ProbedRun> failed = new HashSet<>();
    private long made;
    private long wordsSince;
    private int words;

    Probes(
            VNodeSettings settings,
            ProbeTargets targets,
            BaseWatch watch,
            Ledger ledger,
            Failures failures,
            RandomGenerator random,
            Moment now) {
        this.settings = settings.probing();
        this.queryDeadline = settings.times().queryDeadline();
        this.targets = targets;
        this.watch = watch;
        this.ledger = ledger;
        this.failures = failures;
        this.random = random;
        this.wordsSince = now.nanos();
    }

    /** What the probes of a container say; empty when it has none, or does not run. */
    Optional<ProbedRun> of(TrackedPod pod, String container) {
        return Optional.ofNullable(runs.get(new Key(pod.pod().ref().uid(), container)));
    }

    /** A probe says that this module has to be installed again. */
    boolean failed(ModuleRef ref) {
        return !failed.isEmpty() && failed.stream().anyMatch(run -> run.ref.equals(ref));
    }

    /** Begins with each run that has begun, and ends with each that has ended. */
    void reconcile(Pods pods, ContainerViews views, Moment now) {
        Set<Key> running = new HashSet<>();
        for (TrackedPod pod : pods.all()) {
            for (ModuleContainer container : pod.pod().containers()) {
                if (!container.probes().isEmpty()
                        && container.wanted() instanceof ModuleContainer.Module module) {
                    Key key = new Key(pod.pod().ref().uid(), container.name());
                    if (runs(key, pod, container, module.ref(), views, now)) {
                        running.add(key);
                    }
                }
            }
        }
        runs.keySet().retainAll(running);
        all.removeIf(probe -> {
            boolean over = runs.get(keyOf(probe.run)) != probe.run;
            if (over) {
                probe.end();
            }
            return over;
        });
        failed.removeIf(run -> runs.get(keyOf(run)) != run);
        queue.removeIf(ScheduledProbe::ended);
        unproven.removeIf(ScheduledProbe::ended);
    }

    private static Key keyOf(ProbedRun run) {
        return new Key(run.pod.pod().ref().uid(), run.container.name());
    }

    private boolean runs(
            Key key,
            TrackedPod pod,
            ModuleContainer container,
            ModuleRef ref,
            ContainerViews views,
            Moment now) {
        return switch (views.of(pod, container, now)) {
            case ContainerView.Active active -> {
                ProbedRun known = runs.get(key);
                if (known == null || !known.container.equals(container)) {
                    begin(key, pod, container, ref, active.startedAt(), now);
                }
                yield true;
            }
            case ContainerView.Unchanged() -> runs.containsKey(key);
            case ContainerView.Creating _, ContainerView.Waiting _, ContainerView.Over _ -> false;
        };
    }

    /** What an earlier process of ours wrote of this very run stands until a result comes. */
    private void begin(
            Key key,
            TrackedPod pod,
            ModuleContainer container,
            ModuleRef ref,
            Instant since,
            Moment now) {
        Optional<ContainerStatus> shown =
                pod.status().container(container.name()).filter(status -> isOf(since, status));
        boolean started = shown.filter(ContainerStatus::started).isPresent();
        boolean ready = shown.filter(ContainerStatus::ready).isPresent();
        Duration age = Duration.between(since, now.wall());
        long startedAt = now.nanos() - (age.isNegative() ? 0 : age.toNanos());
        ProbedRun run = new ProbedRun(pod, container, ref, startedAt, started, ready);
        runs.put(key, run);
        for (ProbeTrack track : run.tracks()) {
            if (run.runs(track.kind)) {
                Duration spread = track.probe.period();
                if (shown.isEmpty() && spread.compareTo(AGAIN) > 0) {
                    spread = AGAIN;
                }
                schedule(run, track, now.nanos() + (long) (spread.toNanos() * random.nextDouble()));
            }
        }
    }

    static boolean isOf(Instant since, ContainerStatus status) {
        return status.state() instanceof ContainerState.Running(Instant started)
                && started.equals(since.truncatedTo(ChronoUnit.SECONDS));
    }

    private void schedule(ProbedRun run, ProbeTrack track, long at) {
        long notBefore = run.startedAt + track.probe.initialDelay().toNanos();
        made++;
        ScheduledProbe probe =
                new ScheduledProbe(made, run, track, at - notBefore >= 0 ? at : notBefore);
        all.add(probe);
        queue.add(probe);
    }

    /**
     * Counts the failures that the base has proven to be its own.
     *
     * @param judged the base and our way to it are known to be well; otherwise nothing counts
     * @return true when modules or Pods need a look
     */
    boolean judge(boolean judged, Outbox out, Moment now) {
        if (!judged) {
            unproven.forEach(ScheduledProbe::proven);
            unproven.clear();
            return false;
        }
        return countProven(out, now);
    }

    /**
     * Sends what is due.
     *
     * @param judged as above; otherwise nothing is sent
     */
    void leave(boolean judged, Outbox out, Moment now) {
        if (!judged) {
            return;
        }
        while (underWay.size() < settings.perBase()
                && !queue.isEmpty()
                && now.reached(queue.peek().due())) {
            ScheduledProbe probe = queue.remove();
            if (!probe.ended() && probe.run.runs(probe.track.kind)) {
                send(probe, out, now);
            }
        }
        if (!queue.isEmpty() && underWay.size() < settings.perBase()) {
            out.wake(queue.peek().due());
        }
    }

    private boolean countProven(Outbox out, Moment now) {
        boolean changed = false;
        for (ScheduledProbe probe : List.copyOf(unproven)) {
            long sent = probe.unproven().orElse(now.nanos());
            if (watch.heardSince(sent)) {
                unproven.remove(probe);
                probe.proven();
                boolean soon = now.since(sent).compareTo(proofWithin(probe)) <= 0;
                changed |= soon && bad(probe, probe.unprovenMessage(), out, now);
            }
        }
        return changed;
    }

    /** Who is heard only later may have been out of reach. */
    private Duration proofWithin(ScheduledProbe probe) {
        return probe.track.probe.timeout().plus(queryDeadline);
    }

    private void send(ScheduledProbe probe, Outbox out, Moment now) {
        ProbeTargets.Aim aim =
                targets.of(
                        probe.track.probe.check(),
                        ledger.installedRef(probe.run.ref),
                        watch.base(),
                        watch.health());
        switch (aim) {
            case ProbeTargets.At(var target) -> {
                probe.sent(now);
                underWay.put(probe.id, probe);
                out.add(new Effect.Probe(probe.id, target, probe.track.probe.timeout()));
            }
            case ProbeTargets.Unknown(String why) -> {
                watch.questions().health().want(now.nanos());
                later(probe, why, out, now);
            }
            case ProbeTargets.Nowhere(String why) -> later(probe, why, out, now);
        }
    }

    private void later(ScheduledProbe probe, String why, Outbox out, Moment now) {
        if (now.since(probe.run.startedAt).compareTo(probe.track.probe.period()) > 0) {
            tell(probe, Reason.PROBE_ERROR, "cannot be run: " + why, out, now);
        }
        probe.dueAt(now.plus(AGAIN));
        queue.add(probe);
    }

    /**
     * Takes a result.
     *
     * @return true when modules or Pods need a look
     */
    boolean took(long id, Outcome outcome, boolean judged, Outbox out, Moment now) {
        ScheduledProbe probe = underWay.remove(id);
        if (probe == null || probe.ended()) {
            return false;
        }
        if (now.reached(probe.due())) {
            probe.dueAt(now.nanos());
        }
        queue.add(probe);
        if (!judged || !(outcome instanceof Outcome.Checked(CheckResult result))) {
            return false;
        }
        return switch (result) {
            case CheckResult.Good(String note) -> {
                unproven.remove(probe);
                probe.proven();
                yield good(probe, out, now);
            }
            case CheckResult.Bad(String message, CheckResult.Speaker speaker) -> {
                if (proves(speaker, probe.track.kind) || watch.heardSince(probe.sentAt())) {
                    unproven.remove(probe);
                    probe.proven();
                    yield bad(probe, message, out, now);
                }
                probe.unproven(message);
                if (!unproven.contains(probe)) {
                    unproven.add(probe);
                }
                watch.questions().health().want(now.nanos());
                yield false;
            }
            case CheckResult.Unasked(String message) -> {
                tell(probe, Reason.PROBE_ERROR, "cannot be run: " + message, out, now);
                yield false;
            }
        };
    }

    /**
     * Where nobody listens the base may be dead: it has to be heard before its module is reloaded.
     */
    private static boolean proves(CheckResult.Speaker speaker, ProbeKind kind) {
        return switch (speaker) {
            case PROCESS -> true;
            case MACHINE -> kind == ProbeKind.READINESS;
            case NOBODY -> false;
        };
    }

    private boolean good(ScheduledProbe probe, Outbox out, Moment now) {
        boolean changed = probe.track.took(true);
        if (changed && probe.track.kind == ProbeKind.STARTUP) {
            probe.run.afterStart().forEach(track -> schedule(probe.run, track, now.nanos()));
        }
        return changed;
    }

    private boolean bad(ScheduledProbe probe, String message, Outbox out, Moment now) {
        boolean changed = probe.track.took(false);
        if (changed || probe.track.beginsToFail()) {
            tell(probe, Reason.UNHEALTHY, "failed: " + message, out, now);
        }
        if (probe.track.failedForGood() && failed.add(probe.run)) {
            failures.unhealthy(
                    probe.run.ref,
                    probe.track.kind == ProbeKind.STARTUP
                            ? FailureCode.STARTUP
                            : FailureCode.LIVENESS,
                    probe.track.kind.word() + " probe failed: " + message,
                    out,
                    now);
        }
        return changed;
    }

    /** At most once a minute for each probe, and a few times for the whole base. */
    private void tell(ScheduledProbe probe, String reason, String what, Outbox out, Moment now) {
        if (now.nanos() - wordsSince >= BETWEEN_WORDS) {
            wordsSince = now.nanos();
            words = 0;
        }
        if (words < MOST_WORDS && probe.quietFor(BETWEEN_WORDS, now)) {
            words++;
            probe.told(now);
            out.warn(
                    probe.run.pod.pod().ref(),
                    reason,
                    "container %s: %s probe %s"
                            .formatted(probe.run.container.name(), probe.track.kind.word(), what));
        }
    }
}
