package io.koupleless.controller.peers;

import io.koupleless.controller.workload.NodeShape;
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
     * Nodes that are to have one replica: those that may take a Pod, and those where one is. A
     * replica that is counted away while its Pod is there would end the Pod of another Node,
     * perhaps: a ReplicaSet chooses itself which one it ends, but takes those without a Node first.
     *
     * @param nodes that there are, or were a moment ago
     * @param takes whether new Pods may come for all that is known of the Node's health
     * @param kept where a Pod of this Deployment is and stays
     */
    static int matching(
            Workload deployment,
            Collection<SeenNode> nodes,
            Predicate<SeenNode> takes,
            Predicate<NodeShape> kept) {
        return (int)
                nodes.stream()
                        .filter(node ->
                                (takes.test(node) && deployment.wants(node.shape()))
                                        || kept.test(node.shape()))
                        .count();
    }

    /** More than so many at once are more likely our own trouble than theirs. */
    static boolean tooManyAway(Collection<SeenNode> nodes, int brakePercent) {
        long away = nodes.stream().filter(node -> !node.ready()).count();
        return away * 100 > (long) nodes.size() * brakePercent;
    }
}
