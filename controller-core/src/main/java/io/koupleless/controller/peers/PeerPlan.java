package io.koupleless.controller.peers;

import io.koupleless.controller.workload.Workload;
import java.util.Collection;
import java.util.Optional;
import java.util.function.Predicate;

/** How many replicas a peer Deployment should have; pure functions. */
final class PeerPlan {
    private PeerPlan() {}

    /**
     * @param replicas that it has
     * @param matching bases that want one
     * @param autoscaler that sets its replicas, by name
     * @param brake why nothing may be scaled down now
     */
    record View(
            int replicas,
            int matching,
            Optional<String> autoscaler,
            Optional<PeerDecision.Hold> brake) {}

    static PeerDecision decide(View view) {
        if (view.replicas() == view.matching()) {
            return new PeerDecision.Rest();
        }
        if (view.autoscaler().isPresent()) {
            return new PeerDecision.Hold(
                    PeerHold.AUTOSCALED,
                    "HorizontalPodAutoscaler %s sets the replicas: remove it, or the label strategy=peer"
                            .formatted(view.autoscaler().get()));
        }
        if (view.replicas() < view.matching() || view.brake().isEmpty()) {
            return new PeerDecision.Scale(view.matching());
        }
        return view.brake().get();
    }

    /**
     * Nodes that are to have one replica: those that take a Pod, and those where one is and may
     * stay. Without the second a cordon, or the loss of a Node object, would end a Pod of another
     * Node: a ReplicaSet chooses itself which one it ends.
     *
     * @param nodes that are Ready, or were a moment ago
     * @param running where a Pod of this Deployment is
     */
    static int matching(
            Workload deployment, Collection<SeenNode> nodes, Predicate<SeenNode> running) {
        return (int)
                nodes.stream()
                        .filter(node ->
                                (!node.gone() && deployment.wants(node.shape()))
                                        || (deployment.placement().mayStay(node.shape())
                                                && running.test(node)))
                        .count();
    }

    /** More than so many at once are more likely our own trouble than theirs. */
    static boolean tooManyAway(Collection<SeenNode> nodes, int brakePercent) {
        long away = nodes.stream().filter(node -> !node.ready()).count();
        return away * 100 > (long) nodes.size() * brakePercent;
    }
}
