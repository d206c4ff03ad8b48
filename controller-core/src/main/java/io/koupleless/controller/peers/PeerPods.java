package io.koupleless.controller.peers;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.workload.NodeShape;
import io.koupleless.controller.workload.Workload;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** The module Pods on Nodes that are neither over nor terminating. */
final class PeerPods {
    private final Map<String, Map<String, ModulePod>> byNode = new HashMap<>();

    /** True when it may change a number. */
    boolean seen(ModulePod pod) {
        if (pod.terminating() || pod.status().phase().terminal()) {
            return unseen(pod.nodeName(), pod.ref());
        }
        return byNode.computeIfAbsent(pod.nodeName(), _ -> new HashMap<>())
                        .put(pod.ref().uid(), pod)
                == null;
    }

    /** True when it may change a number. */
    boolean unseen(String node, PodRef pod) {
        Map<String, ModulePod> there = byNode.getOrDefault(node, Map.of());
        if (!there.containsKey(pod.uid())) {
            return false;
        }
        there.remove(pod.uid());
        if (there.isEmpty()) {
            byNode.remove(node);
        }
        return true;
    }

    /**
     * Nodes where a Pod of this Deployment is that nobody is about to end: of its last template
     * wherever it is, and of an earlier one where the last one may follow it.
     */
    Predicate<NodeShape> keptBy(Workload deployment) {
        String last =
                byNode.values().stream()
                        .flatMap(there -> madeBy(deployment, there.values()))
                        .max(ModulePod.BY_AGE)
                        .map(ModulePod::revision)
                        .orElse("");
        return node ->
                madeBy(deployment, byNode.getOrDefault(node.name(), Map.of()).values())
                        .anyMatch(pod ->
                                pod.revision().equals(last)
                                        || deployment.placement().selects(node));
    }

    private static Stream<ModulePod> madeBy(Workload deployment, Collection<ModulePod> pods) {
        return pods.stream().filter(deployment::made);
    }
}
