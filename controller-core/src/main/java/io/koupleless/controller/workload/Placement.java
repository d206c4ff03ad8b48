package io.koupleless.controller.workload;

import io.koupleless.controller.node.Taint;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Which Nodes a Pod may be on, as its spec says.
 *
 * <p>As the scheduler decides it, but for what depends on other Pods and on free resources.
 *
 * @param nodeName the only Node there is for it; empty for any
 * @param required terms of the required node affinity, one of which has to be met
 */
public record Placement(
        String nodeName,
        Map<String, String> nodeSelector,
        Optional<List<NodeTerm>> required,
        List<Toleration> tolerations) {
    private static final Taint CORDONED =
            new Taint("node.kubernetes.io/unschedulable", "", Taint.NO_SCHEDULE);

    /** Without exception, as the DaemonSet controller gives them to each of its Pods. */
    private static final List<Toleration> OF_DAEMONS =
            Stream.concat(
                            Stream.of("not-ready", "unreachable")
                                    .map(key -> tolerated(key, Taint.NO_EXECUTE)),
                            Stream.of(
                                            "disk-pressure",
                                            "memory-pressure",
                                            "pid-pressure",
                                            "unschedulable")
                                    .map(key -> tolerated(key, Taint.NO_SCHEDULE)))
                    .toList();

    public Placement {
        nodeSelector = Map.copyOf(nodeSelector);
        required = required.map(List::copyOf);
        tolerations = List.copyOf(tolerations);
    }

    private static Toleration tolerated(String key, String effect) {
        return new Toleration("node.kubernetes.io/" + key, "Exists", "", effect);
    }

    /** The same for a Pod of a DaemonSet. */
    public Placement ofDaemon() {
        List<Toleration> all = new ArrayList<>(tolerations);
        all.addAll(OF_DAEMONS);
        return new Placement(nodeName, nodeSelector, required, all);
    }

    /** By name, selector and affinity, whatever repels it there. */
    public boolean selects(NodeShape node) {
        return (nodeName.isEmpty() || nodeName.equals(node.name()))
                && node.labels().entrySet().containsAll(nodeSelector.entrySet())
                && required.map(terms -> terms.stream().anyMatch(term -> term.isMetBy(node)))
                        .orElse(true);
    }

    /** A new Pod may come, and stay. */
    public boolean mayCome(NodeShape node) {
        return mayStay(node)
                && node.taints().stream()
                        .filter(taint -> taint.effect().equals(Taint.NO_SCHEDULE))
                        .allMatch(this::tolerates)
                && (!node.unschedulable() || tolerates(CORDONED));
    }

    /** A Pod that is there already is not driven away. */
    public boolean mayStay(NodeShape node) {
        return selects(node)
                && node.taints().stream()
                        .filter(taint -> taint.effect().equals(Taint.NO_EXECUTE))
                        .allMatch(this::tolerates);
    }

    private boolean tolerates(Taint taint) {
        return tolerations.stream().anyMatch(toleration -> toleration.tolerates(taint));
    }

    /** Names this very taint, rather than any. */
    public boolean names(Taint taint) {
        return tolerations.stream()
                .filter(toleration -> toleration.key().equals(taint.key()))
                .anyMatch(toleration -> toleration.tolerates(taint));
    }
}
