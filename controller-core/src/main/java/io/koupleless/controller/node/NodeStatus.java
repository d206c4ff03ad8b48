package io.koupleless.controller.node;

import java.util.List;
import java.util.Map;

/**
 * The status of a Node that we write.
 *
 * @param addresses by type, {@code InternalIP} and {@code Hostname}
 * @param capacity by resource, as Kubernetes quantities; allocatable is the same
 * @param runtimeVersion {@code nodeInfo.containerRuntimeVersion}, e.g. {@code java://17.0.15}
 */
public record NodeStatus(
        List<NodeCondition> conditions,
        Map<String, String> addresses,
        Map<String, String> capacity,
        String runtimeVersion) {
    public NodeStatus {
        conditions = List.copyOf(conditions);
        addresses = Map.copyOf(addresses);
        capacity = Map.copyOf(capacity);
    }
}
