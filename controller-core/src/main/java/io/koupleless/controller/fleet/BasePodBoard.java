package io.koupleless.controller.fleet;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.pod.PodOfBase;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The Pods that bases may run in, and the virtual nodes of bases, by IP. */
final class BasePodBoard {
    private final Map<String, PodOfBase> pods = new TreeMap<>();
    private final Map<String, Set<NodeName>> nodes = new HashMap<>();
    private final Map<NodeName, String> ips = new HashMap<>();

    /** IPs of which something is new. */
    Set<String> seen(PodOfBase pod) {
        PodOfBase before = pods.put(pod.ref().uid(), pod);
        if (pod.equals(before)) {
            return Set.of();
        }
        return before == null || before.ip().equals(pod.ip())
                ? Set.of(pod.ip())
                : Set.of(pod.ip(), before.ip());
    }

    Set<String> unseen(PodOfBase last) {
        PodOfBase before = pods.remove(last.ref().uid());
        return before == null ? Set.of() : Set.of(before.ip());
    }

    /** True when this node's base is known to be at another IP than before. */
    boolean isAt(NodeName node, String ip) {
        String before = ip.isEmpty() ? ips.get(node) : ips.put(node, ip);
        if (ip.isEmpty() || ip.equals(before)) {
            return false;
        }
        forget(node, before);
        nodes.computeIfAbsent(ip, _ -> new HashSet<>()).add(node);
        return true;
    }

    void forget(NodeName node) {
        forget(node, ips.remove(node));
    }

    private void forget(NodeName node, @Nullable String ip) {
        if (ip != null) {
            nodes.computeIfPresent(
                    ip, (_, there) -> there.remove(node) && there.isEmpty() ? null : there);
        }
    }

    Set<NodeName> nodesAt(String ip) {
        return Set.copyOf(nodes.getOrDefault(ip, Set.of()));
    }

    List<PodOfBase> podsAt(String ip) {
        return pods.values().stream().filter(pod -> pod.ip().equals(ip)).toList();
    }
}
