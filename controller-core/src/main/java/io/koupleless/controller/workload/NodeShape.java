package io.koupleless.controller.workload;

import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What of a Node decides which Pods it takes.
 *
 * @param unschedulable cordoned
 */
public record NodeShape(
        String name, Map<String, String> labels, List<Taint> taints, boolean unschedulable) {
    private static final Set<String> UNTIL_READY =
            Set.of("node.kubernetes.io/not-ready", "node.kubernetes.io/unreachable");

    public NodeShape {
        labels = Map.copyOf(labels);
        taints = List.copyOf(taints);
    }

    public static NodeShape of(ObservedNode node) {
        return new NodeShape(node.name(), node.labels(), node.taints(), node.unschedulable());
    }

    /**
     * As it is when it is Ready. Until then Kubernetes taints it, which says the same as its
     * condition, and drives no Pod away for some minutes.
     */
    public NodeShape onceReady() {
        return new NodeShape(
                name,
                labels,
                taints.stream().filter(taint -> !UNTIL_READY.contains(taint.key())).toList(),
                unschedulable);
    }
}
