package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The metadata and taints of a Node that we answer for.
 *
 * @param labels without {@code kubernetes.io/hostname}, which is chosen once at creation
 * @param taints ours alone; those of others are kept
 * @param obsoleteLabels to be removed
 * @param obsoleteAnnotations to be removed
 */
public record NodeSpec(
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Taint> taints,
        Set<String> obsoleteLabels,
        Set<String> obsoleteAnnotations) {

    public NodeSpec(
            Map<String, String> labels, Map<String, String> annotations, List<Taint> taints) {
        this(labels, annotations, taints, Set.of(), Set.of());
    }

    public NodeSpec {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        taints = List.copyOf(taints);
        obsoleteLabels = Set.copyOf(obsoleteLabels);
        obsoleteAnnotations = Set.copyOf(obsoleteAnnotations);
    }
}
