package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.BaseFacts;
import io.koupleless.controller.node.NodeTemplate;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.random.RandomGenerator;

/**
 * One base as a Node: facts in, effects out.
 *
 * <p>Confined to one caller at a time. It knows no threads and no clock; {@link #on} is a step of a
 * state machine, the same in production and in the simulation.
 */
public final class VNode {
    private static final Duration SHORTEST_SLEEP = Duration.ofMillis(20);

    /**
     * What a step leads to.
     *
     * @param effects to be run, in no order
     * @param wakeAt monotonic instant at which to come back without a fact
     */
    public record Step(List<Effect> effects, long wakeAt) {}

    private final VNodeSettings settings;
    private final BaseWatch watch;
    private final LeaseHold lease;
    private final Ledger ledger;
    private final Pods pods;
    private final ModuleKeeper modules;
    private final NodeKeeper node;
    private final PodKeeper podKeeper;
    private boolean retiring;
    private boolean leaving;
    private boolean retired;
    private boolean dirty = true;
    private boolean conflictTold;
    private long podsLook = Long.MIN_VALUE;
    private Snapshot snapshot = Snapshot.EMPTY;

    public VNode(
            VNodeSettings settings, Base base, String tunnel, RandomGenerator random, Moment now) {
        VNodeSettings.Limits limits = settings.limits();
        this.settings = settings;
        this.watch = new BaseWatch(base, tunnel, settings.times(), random, now);
        this.lease = new LeaseHold(settings, now);
        this.ledger = new Ledger(settings.times(), now);
        this.pods = new Pods(settings.times(), now);
        this.modules = new ModuleKeeper(settings, ledger, watch, pods);
        this.node =
                new NodeKeeper(
                        new NodeTemplate(
                                settings.env(),
                                limits.pods(),
                                limits.cpuOvercommit(),
                                limits.unlimitedMemory()),
                        settings.times(),
                        now);
        this.podKeeper =
                new PodKeeper(
                        settings.times(), pods, modules, new ContainerViews(ledger, modules, pods));
    }

    /** How things stood after the last step. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** Takes what happened and says what to do. */
    public Step on(List<Fact> facts, Moment now) {
        Outbox out = new Outbox();
        facts.forEach(fact -> take(fact, out, now));
        if (retired) {
            return new Step(out.effects(), Long.MAX_VALUE);
        }
        watch.insist(now);
        if (watch.judge(now)) {
            dirty = true;
        }
        if (!leaving) {
            lease.next(now).ifPresent(out::add);
            out.wake(lease.nextLook());
        }
        boolean gone = watch.gone(now) && lease.held(now) && pods.synced() && ledger.loaded();
        // A base that comes back before its Node is deleted keeps it.
        retiring = node.deleted() || gone;
        if (retiring) {
            retire(out, now);
        } else {
            reconcile(out, now);
        }
        long earliest = now.plus(SHORTEST_SLEEP);
        return new Step(out.effects(), Math.max(out.wakeAt(), earliest));
    }

    private void reconcile(Outbox out, Moment now) {
        ask(out, now);
        if (dirty || now.reached(podsLook)) {
            reconcilePods(out, now);
        } else {
            out.wake(podsLook);
        }
        ask(out, now);
        if (lease.held(now)) {
            ledger.next(now).ifPresent(out::add);
            out.wake(ledger.nextLook());
            boolean news = watch.trust() != BaseWatch.Trust.ASSUMED && watch.tellable();
            if (news && ledger.loaded()) {
                node.reconcile(facts(now), out, now);
            }
        }
        out.wake(watch.nextLook(now));
    }

    private void reconcilePods(Outbox out, Moment now) {
        dirty = false;
        Outbox inner = new Outbox();
        modules.expire(inner, now);
        if (ledger.loaded() && pods.synced()) {
            modules.reconcile(mayCommand(now), lease, inner, now);
            if (lease.held(now)) {
                pods.reconcile(inner, now);
                podKeeper.reconcile(watch, ledger.loaded(), inner, now);
            }
        }
        snapshot =
                new Snapshot(
                        watch.trust().name(),
                        lease.held(now),
                        modules.byState(),
                        modules.unanswered());
        inner.effects().forEach(out::add);
        podsLook = inner.wakeAt();
        out.wake(podsLook);
    }

    private boolean mayCommand(Moment now) {
        return lease.held(now)
                && watch.linkUp()
                && watch.trust() == BaseWatch.Trust.PROBED
                && watch.probed()
                && !conflict(now);
    }

    private boolean conflict(Moment now) {
        return watch.identityConflict(now);
    }

    private void ask(Outbox out, Moment now) {
        if (!watch.linkUp() || !lease.held(now)) {
            return;
        }
        VNodeSettings.Times times = settings.times();
        if (watch.healthQuestions().due(now)) {
            watch.asked(watch.healthQuestions(), times.healthPeriod(), now);
            out.add(query(new Command.QueryHealth()));
        }
        if (watch.moduleQuestions().due(now)) {
            watch.asked(watch.moduleQuestions(), times.modulesPeriod(), now);
            out.add(query(new Command.QueryModules()));
        }
    }

    private Effect query(Command command) {
        return new Effect.Send(
                watch.tunnel(), command, settings.times().queryDeadline(), lease.fence());
    }

    private BaseFacts facts(Moment now) {
        return new BaseFacts(
                watch.base(),
                watch.health(),
                watch.tunnel(),
                watch.readiness(),
                watch.notAnswering(now),
                conflict(now),
                modules.pressure(),
                modules.unknown());
    }

    private void retire(Outbox out, Moment now) {
        if (!lease.held(now)) {
            return;
        }
        node.delete(out, now);
        if (node.deleted() && podKeeper.endAll(out, now) && !leaving) {
            leaving = true;
            out.add(new Effect.ExpireRecord());
            out.add(new Effect.DeleteLease());
        }
    }

    private void take(Fact fact, Outbox out, Moment now) {
        switch (fact) {
            case Fact.Heard(String tunnel, TunnelEvent.OfBase event) ->
                    hear(tunnel, event, out, now);
            case Fact.LinkChanged(String tunnel, boolean up) -> {
                if (tunnel.equals(watch.tunnel())) {
                    watch.link(up, node.showsReady(), now);
                    dirty = true;
                }
            }
            case Fact.PodsSynced() -> {
                pods.syncedNow();
                dirty = true;
            }
            case Fact.PodSeen(ModulePod pod) -> {
                pods.seen(pod, now);
                dirty = true;
            }
            case Fact.PodUnseen(PodRef pod) -> {
                pods.unseen(pod);
                dirty = true;
            }
            case Fact.NodeSeen(Optional<ObservedNode> seen) -> nodeSeen(seen);
            case Fact.Finished(Effect effect, Outcome outcome) ->
                    finished(effect, outcome, out, now);
            case Fact.Woken() -> {
                // Whatever is due is found by looking.
            }
        }
    }

    private void nodeSeen(Optional<ObservedNode> seen) {
        boolean first = node.observed().isEmpty();
        node.seen(seen);
        if (first && node.showsReady()) {
            watch.assumeReady();
        }
    }

    private void hear(String tunnel, TunnelEvent.OfBase event, Outbox out, Moment now) {
        boolean quietBefore = watch.trust() == BaseWatch.Trust.SILENT;
        switch (event) {
            case TunnelEvent.BaseSeen(Base seen) -> watch.seen(seen, tunnel, now);
            case TunnelEvent.BaselineAsked asked -> watch.baselineAsked(now);
            case TunnelEvent.BaseLeaving _, TunnelEvent.BaseGone _ -> {}
            case TunnelEvent.HealthReported report -> {
                if (watch.health(report, now) && !conflict(now)) {
                    restarted(now);
                }
                rememberProcess(now);
                dirty |= modules.pressure();
            }
            case TunnelEvent.QueryRefused refused -> watch.answered(now);
            case TunnelEvent.ModulesReported report -> {
                OptionalLong asked = watch.modules(now);
                if (asked.isPresent()) {
                    modules.listed(
                            ModuleList.of(asked.getAsLong(), report.modules(), watch.master()),
                            out,
                            now);
                }
                dirty = true;
            }
            case TunnelEvent.ModulesHinted hinted -> {
                watch.alive(now);
                watch.moduleQuestions().want(now.nanos());
            }
            case TunnelEvent.CommandAnswered answered -> {
                watch.answered(now);
                modules.answered(answered, out, now);
                dirty = true;
            }
        }
        tellConflict(out, now);
        dirty |= quietBefore;
    }

    private void tellConflict(Outbox out, Moment now) {
        boolean conflict = conflict(now);
        if (conflict && !conflictTold) {
            out.warnOnNode(
                    Reason.IDENTITY_CONFLICT,
                    "two live processes use the identity " + watch.base().id());
        }
        dirty |= conflict != conflictTold;
        conflictTold = conflict;
    }

    private void restarted(Moment now) {
        watch.restarted(now);
        Set<ModuleRef> sentSince = modules.baseRestarted(watch.process().start(), now);
        Instant start = watch.process().wallStart().orElse(now.wall());
        if (ledger.loaded()) {
            ledger.restarted(start, sentSince, now);
        }
        dirty = true;
    }

    private void rememberProcess(Moment now) {
        Optional<Instant> start = watch.process().wallStart();
        if (ledger.loaded() && start.isPresent() && ledger.wanted().processStart().isEmpty()) {
            ledger.started(start.get(), now);
        }
    }

    private void finished(Effect effect, Outcome outcome, Outbox out, Moment now) {
        switch (effect) {
            case Effect.ReadLease() -> lease.finished(effect, outcome, now);
            case Effect.WriteLease(LeaseWrite write) -> {
                boolean before = lease.held(now);
                if (lease.finished(effect, outcome, now)) {
                    ledger.generation(lease.generation(), now);
                }
                dirty |= !before;
            }
            case Effect.ReadRecord() -> recordFinished(outcome, now);
            case Effect.WriteRecord(BaseRecord record, Optional<String> version) ->
                    recordFinished(outcome, now);
            case Effect.Send(
                            String tunnel,
                            Command.OnModule command,
                            Duration timeToLive,
                            long fence) -> {
                modules.sendFinished(command, outcome, out, now);
                dirty = true;
            }
            case Effect.Send(String tunnel, Command.QueryHealth q, Duration ttl, long fence) ->
                    queryFinished(watch.healthQuestions(), outcome, now);
            case Effect.Send(String tunnel, Command.QueryModules q, Duration ttl, long fence) ->
                    queryFinished(watch.moduleQuestions(), outcome, now);
            case Effect.CreateNode create -> node.finished(effect, outcome, now);
            case Effect.PatchNodeSpec patch -> node.finished(effect, outcome, now);
            case Effect.PatchNodeStatus patch -> node.finished(effect, outcome, now);
            case Effect.DeleteNode delete -> node.finished(effect, outcome, now);
            case Effect.PatchPodStatus patch -> {
                podKeeper.written(patch, outcome, now);
                dirty = true;
            }
            case Effect.DeletePod(PodRef pod) -> {
                podKeeper.deleted(pod, outcome, now);
                dirty = true;
            }
            case Effect.ReadPod(PodRef pod) -> {
                podRead(pod, outcome, now);
                dirty = true;
            }
            case Effect.ReadPods() -> {
                if (outcome instanceof Outcome.PodsRead(List<ModulePod> found)) {
                    pods.listed(found, now);
                    dirty = true;
                } else {
                    pods.listFailed();
                }
            }
            case Effect.DeleteLease() -> {
                // Last of all, so that a virtual node made anew finds nothing of ours on its way.
                retired = true;
                out.add(new Effect.Retire());
            }
            case Effect.ExpireRecord(), Effect.Tell(_, _, _, _), Effect.Retire() -> {
                // The end of this virtual node, or words to people: nothing follows.
            }
        }
    }

    private static void queryFinished(QueryTrack questions, Outcome outcome, Moment now) {
        if (outcome instanceof Outcome.NotSent || outcome instanceof Outcome.Refused) {
            questions.notSent();
        }
    }

    private void recordFinished(Outcome outcome, Moment now) {
        if (ledger.finished(outcome, now)) {
            boolean another = watch.process().recorded(ledger.wanted().processStart());
            ledger.generation(lease.generation(), now);
            modules.inherit(now);
            if (another && !conflict(now)) {
                restarted(now);
            }
            rememberProcess(now);
        }
        dirty = true;
    }

    private void podRead(PodRef pod, Outcome outcome, Moment now) {
        if (outcome instanceof Outcome.PodRead(Optional<ModulePod> found)) {
            pods.read(pod, found, now);
        } else {
            pods.readFailed(pod);
        }
    }
}
