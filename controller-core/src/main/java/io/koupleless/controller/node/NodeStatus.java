package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;

/**
 * The status of a Node that we write.
 *
 * @param addresses by type, {@code InternalIP} and {@code Hostname}
 * @param capacity by resource, as Kubernetes quantities
 * @param allocatable the same, less what Pods do not get
 * @param runtimeVersion {@code nodeInfo.containerRuntimeVersion}, e.g. {@code java://17.0.15}
 */
public record NodeStatus(
        List<NodeCondition> conditions,
        Map<String, String> addresses,
        Map<String, String> capacity,
        Map<String, String> allocatable,
        String runtimeVersion) {

    /** All of it is for Pods. */
    public NodeStatus(
            List<NodeCondition> conditions,
            Map<String, String> addresses,
            Map<String, String> capacity,
            String runtimeVersion) {
        this(conditions, addresses, capacity, capacity, runtimeVersion);
    }

    public NodeStatus {
        conditions = List.copyOf(conditions);
        addresses = Map.copyOf(addresses);
        capacity = Map.copyOf(capacity);
        allocatable = Map.copyOf(allocatable);
    }
}
