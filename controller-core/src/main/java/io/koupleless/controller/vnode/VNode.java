package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.node.BaseFacts;
import io.koupleless.controller.tunnel.Command;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    private final VNodeSettings.Times times;
    private final BaseWatch watch;
    private final LeaseHold lease;
    private final Ledger ledger;
    private final Pods pods;
    private final ModuleKeeper modules;
    private final NodeKeeper node;
    private final PodKeeper podKeeper;
    private final ContainerViews views;
    private final RolloutGate gate;
    private final Intake intake;
    private boolean leaving;
    private long podsLook = Long.MIN_VALUE;
    private Snapshot snapshot = Snapshot.EMPTY;
    private List<String> leftAlone = List.of();

    /**
     * @param tunnel the one that the base was found on
     */
    public VNode(
            VNodeSettings settings,
            Transports transports,
            Base base,
            String tunnel,
            RandomGenerator random,
            Moment now) {
        Channels channels = new Channels(transports, settings.times().silentAfter(), tunnel, now);
        Parts parts = Parts.of(settings, channels, base, random, now);
        this.times = settings.times();
        this.watch = parts.watch();
        this.lease = parts.lease();
        this.ledger = parts.ledger();
        this.pods = parts.pods();
        this.modules = parts.modules();
        this.node = parts.node();
        this.podKeeper = parts.podKeeper();
        this.views = parts.views();
        this.gate = parts.gate();
        this.intake = new Intake(parts);
    }

    /** How things stood after the last step. */
    public Snapshot snapshot() {
        return snapshot;
    }

    /** A base that has not been heard for long, as it was last seen. */
    public record Silent(Base seen, String tunnel) {}

    /** Empty when the base is known to be no more. */
    public Optional<Silent> silent() {
        return watch.isLeaving()
                ? Optional.empty()
                : Optional.of(new Silent(watch.base(), watch.tunnel()));
    }

    /** Takes what happened and says what to do. */
    public Step on(List<Fact> facts, Moment now) {
        Outbox out = new Outbox();
        facts.forEach(fact -> intake.take(fact, out, now));
        if (intake.retired()) {
            return new Step(out.effects(), Long.MAX_VALUE);
        }
        intake.noticeConflict(out, now);
        boolean switched = watch.choose(now);
        watch.insist(now);
        if (watch.judge(now) || switched) {
            intake.soil();
        }
        if (!leaving) {
            lease.next(now).ifPresent(out::add);
            out.wake(lease.nextLook());
        }
        boolean gone = watch.gone(now) && lease.held(now) && pods.synced() && ledger.loaded();
        // A base that comes back before its Node is deleted keeps it.
        if (node.deleted() || gone) {
            retire(out, now);
        } else {
            reconcile(out, now);
        }
        long earliest = now.plus(SHORTEST_SLEEP);
        return new Step(out.effects(), Math.max(out.wakeAt(), earliest));
    }

    private void reconcile(Outbox out, Moment now) {
        ask(out, now);
        boolean judged = lease.held(now) && watch.well(now);
        if (modules.probes().judge(judged, out, now)) {
            intake.soil();
        }
        if (intake.dirty() || now.reached(podsLook)) {
            reconcilePods(out, now);
        } else {
            out.wake(podsLook);
        }
        modules.probes().leave(judged, out, now);
        ask(out, now);
        if (lease.held(now)) {
            ledger.next(now).ifPresent(out::add);
            out.wake(ledger.nextLook());
            boolean news = watch.trust() != BaseWatch.Trust.ASSUMED && watch.tellable();
            if (news && ledger.loaded()) {
                node.reconcile(facts(now), out, now);
                guardRollout(out, now);
            }
        }
        out.wake(watch.nextLook(now));
    }

    /** Only by what the base said itself: before that, an open gate stays open. */
    private void guardRollout(Outbox out, Moment now) {
        if (gate.isNeeded() && pods.synced() && watch.trust() == BaseWatch.Trust.PROBED) {
            gate.reconcile(
                    node.showsReady() && watch.readiness().ready(),
                    modules.expectations().workloads(),
                    pods.all().stream().map(TrackedPod::current).toList(),
                    out,
                    now);
        }
    }

    private void reconcilePods(Outbox out, Moment now) {
        intake.looked();
        Outbox inner = new Outbox();
        modules.answers().expire(inner, now);
        if (watch.isLeaving()) {
            // What runs in a JVM that is ending ends with it: nothing is left to be uninstalled.
            if (lease.held(now)) {
                podKeeper.endAll(inner, now);
            }
        } else if (ledger.loaded() && pods.synced()) {
            modules.expectations().look(node.observed());
            modules.reconcile(mayCommand(now), lease.fence(), inner, now);
            if (lease.held(now)) {
                pods.reconcile(inner, now);
                modules.probes().reconcile(pods, views, now);
                // Whether the Node was Ready decides whether what Pods show stands.
                if (node.observed().isPresent() || watch.trust() == BaseWatch.Trust.PROBED) {
                    podKeeper.reconcile(inner, now);
                }
            }
        }
        snapshot =
                new Snapshot(
                        watch.trust().name(),
                        lease.held(now),
                        modules.slots().byState(),
                        modules.slots().unanswered());
        leftAlone = modules.leftAlone(now);
        inner.effects().forEach(out::add);
        podsLook = inner.wakeAt();
        if (!now.reached(watch.pausedUntil())) {
            podsLook = Math.min(podsLook, watch.pausedUntil());
        }
        out.wake(podsLook);
    }

    private boolean mayCommand(Moment now) {
        return lease.held(now) && watch.well(now) && now.reached(watch.pausedUntil());
    }

    private void ask(Outbox out, Moment now) {
        if (!watch.linkUp() || !lease.held(now)) {
            return;
        }
        for (Command question : watch.questions().leaving(watch.tunnel(), now)) {
            out.add(
                    new Effect.Send(
                            watch.tunnel(), question, times.queryDeadline(), lease.fence()));
        }
    }

    private BaseFacts facts(Moment now) {
        return new BaseFacts(
                watch.base(),
                watch.health(),
                watch.tunnel(),
                watch.readiness(),
                watch.notAnswering(now),
                watch.identityConflict(now),
                watch.isLeaving(),
                modules.failures().pressure(),
                leftAlone);
    }

    private void retire(Outbox out, Moment now) {
        if (!lease.held(now)) {
            return;
        }
        node.delete(out, now);
        boolean idle = !lease.busy() && !ledger.busy();
        if (node.deleted() && podKeeper.endAll(out, now) && idle && !leaving) {
            leaving = true;
            out.add(new Effect.ExpireRecord());
            out.add(new Effect.DeleteLease());
        }
    }
}
