package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;

/**
 * The metadata and taints of a Node that we answer for.
 *
 * @param labels without {@code kubernetes.io/hostname}, which is chosen once at creation
 * @param taints ours alone; those of others are kept
 */
public record NodeSpec(
        Map<String, String> labels, Map<String, String> annotations, List<Taint> taints) {
    public NodeSpec {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        taints = List.copyOf(taints);
    }
}
