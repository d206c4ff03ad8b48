package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;

/** A Node as watched. */
public record ObservedNode(
        String name,
        String uid,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Taint> taints,
        NodeStatus status) {
    /** The same Node in another version, as our own write left it. */
    public ObservedNode at(String version) {
        return new ObservedNode(name, uid, version, labels, annotations, taints, status);
    }

    public ObservedNode {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        taints = List.copyOf(taints);
    }
}
