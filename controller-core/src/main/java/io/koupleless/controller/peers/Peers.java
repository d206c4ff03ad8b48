package io.koupleless.controller.peers;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.vnode.LeaseHold;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Keeps the replicas of peer Deployments at the number of bases that they match; facts in, effects
 * out, as a virtual node.
 *
 * <p>One controller of an environment does it, who holds the Lease for that. More replicas come at
 * once; fewer only when all is known, no {@link PeerHold brake} is on and we have been here for a
 * while: what is scaled down by mistake is uninstalled.
 */
public final class Peers {

    /**
     * What a step leads to.
     *
     * @param wakeAt monotonic instant at which to come back without a fact
     */
    public record Step(List<PeerEffect> effects, long wakeAt) {}

    private final PeerSettings settings;
    private final Duration retry;
    private final LeaseHold lease;
    private final PeerNodes nodes;
    private final Map<String, PeerDeployment> deployments = new TreeMap<>();
    private final Set<Autoscaler> autoscalers = new HashSet<>();
    private final Set<PeerFact.Watch> unsynced = EnumSet.allOf(PeerFact.Watch.class);
    private final long quietUntil;
    private boolean dirty = true;
    private boolean heldBefore;
    private long look = Long.MIN_VALUE;

    /**
     * @param controller whose identity and times the Lease has
     */
    public Peers(PeerSettings settings, VNodeSettings controller, Moment now) {
        this.settings = settings;
        this.retry = controller.times().writeRetry();
        this.lease = new LeaseHold(controller, now);
        this.nodes = new PeerNodes(settings.notReadyGrace());
        this.quietUntil = now.plus(settings.quietAfterStart());
    }

    /** Takes what happened and says what to do. */
    public Step on(List<PeerFact> facts, Moment now) {
        List<PeerEffect> effects = new ArrayList<>();
        facts.forEach(fact -> take(fact, effects, now));
        lease.next(now).map(PeerEffect.OnLease::new).ifPresent(effects::add);
        boolean held = lease.held(now);
        dirty |= held && !heldBefore;
        heldBefore = held;
        if (held && (dirty || now.reached(look))) {
            dirty = false;
            look = reconcile(effects, now);
        }
        return new Step(effects, Math.min(lease.nextLook(), held ? look : Long.MAX_VALUE));
    }

    private void take(PeerFact fact, List<PeerEffect> effects, Moment now) {
        switch (fact) {
            case PeerFact.WorkloadSeen(Workload seen) -> {
                if (seen.kind() == Workload.Kind.PEER_DEPLOYMENT) {
                    deployments
                            .computeIfAbsent(
                                    seen.ref().toString(), _ -> new PeerDeployment(seen, now))
                            .seen(seen);
                    dirty = true;
                }
            }
            case PeerFact.WorkloadUnseen(Workload last) -> {
                if (last.kind() == Workload.Kind.PEER_DEPLOYMENT) {
                    deployments.remove(last.ref().toString());
                }
            }
            case PeerFact.AutoscalerSeen(Autoscaler autoscaler) -> {
                autoscalers.removeIf(known -> known.isSameAs(autoscaler));
                dirty |= autoscalers.add(autoscaler);
            }
            case PeerFact.AutoscalerUnseen(Autoscaler autoscaler) ->
                    dirty |= autoscalers.removeIf(known -> known.isSameAs(autoscaler));
            case PeerFact.NodeSeen seen -> dirty |= nodes.seen(seen.node(), now);
            case PeerFact.NodeUnseen(String name) -> {
                nodes.unseen(name, now);
                dirty = true;
            }
            case PeerFact.PodSeen(ModulePod pod) -> dirty |= nodes.seen(pod);
            case PeerFact.PodUnseen unseen -> dirty |= nodes.unseen(unseen.pod());
            case PeerFact.Synced(PeerFact.Watch watch) -> dirty |= unsynced.remove(watch);
            case PeerFact.Finished(PeerEffect effect, Outcome outcome) ->
                    finished(effect, outcome, effects, now);
            case PeerFact.Woken() -> {
                // Whatever is due is found by looking.
            }
        }
    }

    /** When to look again. */
    private long reconcile(List<PeerEffect> effects, Moment now) {
        List<SeenNode> counting = nodes.counting(now);
        Optional<PeerDecision.Hold> brake = brake(now);
        long next =
                Math.min(
                        nodes.nextLook(now), now.reached(quietUntil) ? Long.MAX_VALUE : quietUntil);
        for (PeerDeployment deployment : deployments.values()) {
            if (!deployment.mayWrite(now)) {
                next = Math.min(next, deployment.nextLook());
                continue;
            }
            Workload seen = deployment.seen();
            PeerPlan.View view =
                    new PeerPlan.View(
                            seen.replicas(),
                            PeerPlan.matching(seen, counting, node -> nodes.runs(seen, node)),
                            autoscaler(seen),
                            brake);
            carryOut(PeerPlan.decide(view), deployment, effects);
        }
        return next;
    }

    private Optional<String> autoscaler(Workload deployment) {
        return autoscalers.stream()
                .filter(autoscaler -> autoscaler.scales(deployment.ref()))
                .map(Autoscaler::name)
                .findFirst();
    }

    private Optional<PeerDecision.Hold> brake(Moment now) {
        if (!unsynced.isEmpty()) {
            return Optional.of(new PeerDecision.Hold(PeerHold.UNSYNCED, ""));
        }
        if (!now.reached(quietUntil)) {
            return Optional.of(
                    new PeerDecision.Hold(
                            PeerHold.STARTED_JUST_NOW,
                            "nothing is scaled down within %d s of the controller's start"
                                    .formatted(settings.quietAfterStart().toSeconds())));
        }
        if (PeerPlan.tooManyAway(nodes.known(now), settings.brakePercent())) {
            return Optional.of(
                    new PeerDecision.Hold(
                            PeerHold.MANY_AWAY,
                            "more than %d %% of the bases are not Ready, or gone, at once: nothing is scaled down"
                                    .formatted(settings.brakePercent())));
        }
        return Optional.empty();
    }

    private void carryOut(
            PeerDecision decision, PeerDeployment deployment, List<PeerEffect> effects) {
        switch (decision) {
            case PeerDecision.Rest() -> deployment.news("");
            case PeerDecision.Scale(int replicas) -> {
                deployment.news("");
                deployment.writing();
                effects.add(new PeerEffect.Scale(deployment.seen(), replicas, lease.fence()));
            }
            case PeerDecision.Hold(PeerHold why, String message) -> {
                if (why.isTold() && deployment.news(message)) {
                    effects.add(
                            new PeerEffect.Tell(deployment.seen(), true, why.reason(), message));
                }
            }
        }
    }

    private void finished(
            PeerEffect effect, Outcome outcome, List<PeerEffect> effects, Moment now) {
        switch (effect) {
            case PeerEffect.OnLease(var io) -> lease.finished(io, outcome, now);
            case PeerEffect.Scale scale -> {
                dirty = true;
                PeerDeployment deployment = deployments.get(scale.deployment().ref().toString());
                if (deployment != null && deployment.wrote(scale, outcome, retry, now)) {
                    effects.add(
                            new PeerEffect.Tell(
                                    scale.deployment(),
                                    false,
                                    "PeerReplicasChanged",
                                    "replicas %d → %d: one for each base that matches"
                                            .formatted(
                                                    scale.deployment().replicas(),
                                                    scale.replicas())));
                }
            }
            case PeerEffect.Tell tell -> {
                // Words to people: nothing follows.
            }
        }
    }
}
