package io.koupleless.controller.node;

import io.koupleless.controller.base.BaseHealth;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The Node that shows a base; pure.
 *
 * @param env as configured
 * @param pods capacity
 * @param cpuOvercommit processors of the JVM times this is the cpu capacity
 * @param unlimitedMemory memory of a base whose metaspace has no limit, a quantity
 */
public record NodeTemplate(String env, int pods, int cpuOvercommit, String unlimitedMemory) {

    public NodeSpec spec(BaseFacts facts) {
        Map<String, String> labels = new HashMap<>();
        labels.put(Labels.COMPONENT, Labels.COMPONENT_NODE);
        labels.put(Labels.ENV, LabelValue.of(env));
        labels.put(Labels.TYPE, "virtual-kubelet");
        labels.put(Labels.ROLE, "agent");
        labels.put(Labels.BASE_STACK, "java");
        labels.put(Labels.BASE_NAME, LabelValue.of(facts.base().name()));
        labels.put(Labels.BASE_VERSION, LabelValue.of(facts.base().version()));
        labels.put(Labels.BASE_CLUSTER_NAME, LabelValue.of(facts.base().clusterName()));
        labels.put(Labels.BASE_HOST_NAME, LabelValue.of(facts.base().hostName()));
        labels.put(Labels.VNODE_NAME, LabelValue.of(facts.base().name()));
        labels.put(Labels.VNODE_VERSION, LabelValue.of(facts.base().version()));
        labels.put(Labels.VNODE_TUNNEL, facts.tunnel());
        labels.put(Labels.EXCLUDE_DISRUPTION, "true");
        labels.put(Labels.EXCLUDE_FROM_LOAD_BALANCERS, "true");
        if (facts.base().port() > 0) {
            labels.put(Labels.BASE_TUNNEL_PORT, Integer.toString(facts.base().port()));
        }
        Map<String, String> annotations =
                Map.of(
                        Labels.IDENTITY, facts.base().id().value(),
                        Labels.BASE_HOST, facts.base().hostName());
        return new NodeSpec(labels, annotations, taints(facts));
    }

    private List<Taint> taints(BaseFacts facts) {
        List<Taint> taints = new ArrayList<>();
        taints.add(new Taint(Labels.TAINT_VIRTUAL_NODE, "True", Taint.NO_EXECUTE));
        taints.add(new Taint(Labels.TAINT_ENV, LabelValue.of(env), Taint.NO_EXECUTE));
        if (facts.notAnswering()) {
            taints.add(new Taint(Labels.TAINT_NOT_ANSWERING, "True", Taint.NO_SCHEDULE));
        }
        if (facts.identityConflict()) {
            taints.add(new Taint(Labels.TAINT_IDENTITY_CONFLICT, "True", Taint.NO_SCHEDULE));
        }
        if (facts.leaving()) {
            taints.add(new Taint(Labels.TAINT_TERMINATING, "True", Taint.NO_SCHEDULE));
        }
        return taints;
    }

    /**
     * @param before conditions as they stand; one whose status does not change keeps the time of
     *     its last transition
     */
    public NodeStatus status(BaseFacts facts, List<NodeCondition> before, Instant wall) {
        Instant now = wall.truncatedTo(ChronoUnit.SECONDS);
        BaseFacts.Readiness ready = facts.readiness();
        List<NodeCondition> conditions = new ArrayList<>();
        conditions.add(
                condition(
                        NodeCondition.READY,
                        ready.ready(),
                        ready.reason(),
                        ready.message(),
                        before,
                        now));
        for (String pressure :
                List.of("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")) {
            conditions.add(
                    condition(
                            pressure,
                            false,
                            "NotApplicable",
                            "a base has no such condition of its own",
                            before,
                            now));
        }
        conditions.add(
                flag(
                        NodeCondition.BASE_NOT_ANSWERING,
                        facts.notAnswering(),
                        "heartbeats arrive, commands are not answered; nothing new is installed",
                        before,
                        now));
        conditions.add(
                flag(
                        NodeCondition.IDENTITY_CONFLICT,
                        facts.identityConflict(),
                        "two live processes use the identity "
                                + facts.base().id()
                                + "; no command is sent until one is left",
                        before,
                        now));
        conditions.add(
                flag(
                        NodeCondition.METASPACE_PRESSURE,
                        facts.metaspacePressure(),
                        "failing modules are not installed again until metaspace falls",
                        before,
                        now));
        conditions.add(
                flag(
                        NodeCondition.UNKNOWN_MODULES,
                        !facts.unknownModules().isEmpty(),
                        "left alone: " + String.join(", ", facts.unknownModules()),
                        before,
                        now));
        return new NodeStatus(
                conditions, addresses(facts), capacity(facts.health()), runtime(facts.health()));
    }

    private static Map<String, String> addresses(BaseFacts facts) {
        Map<String, String> addresses = new HashMap<>();
        addresses.put("InternalIP", facts.base().ip().isEmpty() ? "127.0.0.1" : facts.base().ip());
        if (!facts.base().hostName().isEmpty()) {
            addresses.put("Hostname", facts.base().hostName());
        }
        return addresses;
    }

    private Map<String, String> capacity(Optional<BaseHealth> health) {
        long processors = health.map(h -> h.cpuCount().orElse(1)).orElse(1L);
        String memory =
                health.filter(h -> h.maxMetaspace().isPresent())
                        .map(h -> h.maxMetaspace().getAsLong() / 1024 + "Ki")
                        .orElse(unlimitedMemory);
        return Map.of(
                "pods", Integer.toString(pods),
                "cpu", Long.toString(processors * cpuOvercommit),
                "memory", memory);
    }

    private static String runtime(Optional<BaseHealth> health) {
        return health.flatMap(BaseHealth::javaVersion).map(v -> "java://" + v).orElse("");
    }

    private static NodeCondition flag(
            String type, boolean on, String message, List<NodeCondition> before, Instant now) {
        return condition(type, on, on ? type : "No" + type, on ? message : "", before, now);
    }

    private static NodeCondition condition(
            String type,
            boolean on,
            String reason,
            String message,
            List<NodeCondition> before,
            Instant now) {
        String status = on ? "True" : "False";
        Instant since =
                before.stream()
                        .filter(c -> c.type().equals(type) && c.status().equals(status))
                        .map(NodeCondition::lastTransition)
                        .findFirst()
                        .orElse(now);
        return new NodeCondition(type, status, reason, message, since);
    }
}
