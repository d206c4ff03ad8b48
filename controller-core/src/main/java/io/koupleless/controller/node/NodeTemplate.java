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
 * @param capacity what it has room for
 * @param keys of a base that its Node carries
 * @param place of bases of which nobody knows it
 */
public record NodeTemplate(String env, Capacity capacity, CarriedKeys keys, Place place) {

    /**
     * @param before the Node as it stands
     * @param settled everybody who knows the base has had the time to tell
     */
    public NodeSpec spec(BaseFacts facts, Optional<ObservedNode> before, boolean settled) {
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
        Map<String, String> annotations = new HashMap<>();
        annotations.put(Labels.IDENTITY, facts.base().id().value());
        annotations.put(Labels.BASE_HOST, facts.base().hostName());
        Carried carried = Carried.of(facts.base().traits(), keys, place, before, settled);
        labels.putAll(carried.labels());
        annotations.putAll(carried.annotations());
        return new NodeSpec(
                labels,
                annotations,
                taints(facts),
                carried.obsoleteLabels(),
                carried.obsoleteAnnotations());
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
     * @param spec of the same Node
     * @param before conditions as they stand; one whose status does not change keeps the time of
     *     its last transition
     */
    public NodeStatus status(
            BaseFacts facts, NodeSpec spec, List<NodeCondition> before, Instant wall) {
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
                        "CommandsAnswered",
                        facts.notAnswering(),
                        "heartbeats arrive, commands are not answered; nothing new is installed",
                        before,
                        now));
        conditions.add(
                flag(
                        NodeCondition.IDENTITY_CONFLICT,
                        "IdentityUnique",
                        facts.identityConflict(),
                        "two live processes use the identity "
                                + facts.base().id()
                                + "; no command is sent until one is left",
                        before,
                        now));
        conditions.add(
                flag(
                        NodeCondition.METASPACE_PRESSURE,
                        "MetaspaceSufficient",
                        !facts.metaspacePressure().isEmpty(),
                        facts.metaspacePressure(),
                        before,
                        now));
        conditions.add(
                flag(
                        NodeCondition.UNKNOWN_MODULES,
                        "AllModulesKnown",
                        !facts.unknownModules().isEmpty(),
                        "left alone: " + String.join(", ", facts.unknownModules()),
                        before,
                        now));
        String maxModules = spec.annotations().getOrDefault(Labels.MAX_MODULES, "");
        return new NodeStatus(
                conditions,
                addresses(facts),
                capacity.total(facts.health()),
                capacity.allocatable(facts.health(), maxModules),
                runtime(facts.health()));
    }

    private static Map<String, String> addresses(BaseFacts facts) {
        Map<String, String> addresses = new HashMap<>();
        addresses.put("InternalIP", facts.base().ip().isEmpty() ? "127.0.0.1" : facts.base().ip());
        if (!facts.base().hostName().isEmpty()) {
            addresses.put("Hostname", facts.base().hostName());
        }
        return addresses;
    }

    private static String runtime(Optional<BaseHealth> health) {
        return health.flatMap(BaseHealth::javaVersion).map(v -> "java://" + v).orElse("");
    }

    private static NodeCondition flag(
            String type,
            String reasonIfNot,
            boolean on,
            String message,
            List<NodeCondition> before,
            Instant now) {
        return condition(type, on, on ? type : reasonIfNot, on ? message : "", before, now);
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
