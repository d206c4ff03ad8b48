package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;

/**
 * A Node as watched.
 *
 * @param unschedulable cordoned
 */
public record ObservedNode(
        String name,
        String uid,
        String resourceVersion,
        Map<String, String> labels,
        Map<String, String> annotations,
        List<Taint> taints,
        NodeStatus status,
        boolean unschedulable) {
    /** One that is not cordoned. */
    public ObservedNode(
            String name,
            String uid,
            String resourceVersion,
            Map<String, String> labels,
            Map<String, String> annotations,
            List<Taint> taints,
            NodeStatus status) {
        this(name, uid, resourceVersion, labels, annotations, taints, status, false);
    }

    /** The same Node in another version, as our own write left it. */
    public ObservedNode at(String version) {
        return new ObservedNode(
                name, uid, version, labels, annotations, taints, status, unschedulable);
    }

    public ObservedNode {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        taints = List.copyOf(taints);
    }
}
