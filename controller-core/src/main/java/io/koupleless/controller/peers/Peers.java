package io.koupleless.controller.peers;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.vnode.LeaseHold;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
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
     * @param over nothing follows any more: we stop, and the Lease is others' to take
     */
    public record Step(List<PeerEffect> effects, long wakeAt, boolean over) {}

    private final Duration retry;
    private final LeaseHold lease;
    private final PeerNodes nodes;
    private final PeerPods pods = new PeerPods();
    private final Map<String, PeerDeployment> deployments = new TreeMap<>();
    private final Set<Autoscaler> autoscalers = new HashSet<>();
    private final PeerBrake brake;
    private boolean dirty = true;
    private boolean heldBefore;
    private boolean stopping;
    private long look = Long.MIN_VALUE;

    /**
     * @param controller whose identity and times the Lease has
     */
    public Peers(PeerSettings settings, VNodeSettings controller, Moment now) {
        this.retry = controller.times().writeRetry();
        this.lease = new LeaseHold(controller, now);
        this.nodes = new PeerNodes(settings.notReadyGrace());
        this.brake = new PeerBrake(settings, now);
    }

    /** Takes what happened and says what to do. */
    public Step on(List<PeerFact> facts, Moment now) {
        List<PeerEffect> effects = new ArrayList<>();
        facts.forEach(fact -> take(fact, effects, now));
        if (stopping && deployments.values().stream().noneMatch(PeerDeployment::busy)) {
            lease.giveUp();
        }
        lease.next(now).map(PeerEffect.OnLease::new).ifPresent(effects::add);
        boolean held = lease.held(now) && !stopping;
        dirty |= held && !heldBefore;
        heldBefore = held;
        if (held && (dirty || now.reached(look))) {
            dirty = false;
            look = reconcile(effects, now);
        }
        return new Step(
                effects, Math.min(lease.nextLook(), held ? look : Long.MAX_VALUE), lease.givenUp());
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
            case PeerFact.PodSeen(ModulePod pod) -> dirty |= pods.seen(pod);
            case PeerFact.PodUnseen(String node, PodRef pod) -> dirty |= pods.unseen(node, pod);
            case PeerFact.Synced(PeerFact.Watch watch) -> dirty |= brake.synced(watch);
            case PeerFact.Finished(PeerEffect effect, Outcome outcome) ->
                    finished(effect, outcome, effects, now);
            case PeerFact.Stopping() -> stopping = true;
            case PeerFact.Woken() -> {
                // Whatever is due is found by looking.
            }
        }
    }

    /** When to look again. */
    private long reconcile(List<PeerEffect> effects, Moment now) {
        Collection<SeenNode> known = nodes.known(now);
        brake.look(known, now);
        long next = Math.min(nodes.nextLook(now), brake.nextLook(now));
        for (PeerDeployment deployment : deployments.values()) {
            if (!deployment.mayWrite(now)) {
                next = Math.min(next, deployment.nextLook());
                continue;
            }
            Workload seen = deployment.seen();
            PeerPlan.View view =
                    new PeerPlan.View(
                            seen.replicas(),
                            PeerPlan.matching(
                                    seen, known, node -> nodes.takes(node, now), pods.keptBy(seen)),
                            autoscaler(seen),
                            brake.why(now));
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
            case PeerEffect.OnLease(var io) -> {
                lease.finished(io, outcome, now);
                if (outcome instanceof Outcome.Failed) {
                    brake.outOfTouch(now);
                }
            }
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
