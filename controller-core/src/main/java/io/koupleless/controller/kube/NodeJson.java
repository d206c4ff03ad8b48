package io.koupleless.controller.kube;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The few bodies that we send for Nodes. */
final class NodeJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private NodeJson() {}

    static ObjectNode create(String name, String hostLabel, NodeSpec spec, ObjectNode status) {
        ObjectNode node = JSON.objectNode().put("apiVersion", "v1").put("kind", "Node");
        ObjectNode metadata = node.putObject("metadata").put("name", name);
        metadata.set("labels", texts(spec.labels()).put(Labels.HOST_NAME, hostLabel));
        metadata.set("annotations", texts(spec.annotations()));
        node.putObject("spec").set("taints", taints(spec.taints()));
        node.set("status", status);
        return node;
    }

    /** A merge patch: it replaces the list of taints, so those of others are repeated. */
    static ObjectNode patch(NodeSpec spec, ObservedNode observed) {
        ObjectNode patch = JSON.objectNode();
        ObjectNode metadata = patch.putObject("metadata");
        metadata.put("resourceVersion", observed.resourceVersion());
        metadata.set("labels", texts(spec.labels(), spec.obsoleteLabels()));
        metadata.set("annotations", texts(spec.annotations(), spec.obsoleteAnnotations()));
        Stream<Taint> foreign =
                observed.taints().stream().filter(taint -> !Labels.isOurTaint(taint.key()));
        patch.putObject("spec")
                .set("taints", taints(Stream.concat(foreign, spec.taints().stream()).toList()));
        return patch;
    }

    /** A strategic patch of the status; conditions of others stay, the addresses are ours alone. */
    static ObjectNode statusPatch(NodeStatus status, String kubeletVersion, Instant now) {
        ObjectNode body = status(status, kubeletVersion, now);
        ArrayNode addresses = JSON.arrayNode();
        addresses.addObject().put("$patch", "replace");
        addresses.addAll(addresses(status.addresses()));
        body.set("addresses", addresses);
        ObjectNode patch = JSON.objectNode();
        patch.set("status", body);
        return patch;
    }

    static ObjectNode status(NodeStatus status, String kubeletVersion, Instant now) {
        ObjectNode body = JSON.objectNode().put("phase", "Running");
        ArrayNode conditions = body.putArray("conditions");
        status.conditions().forEach(condition -> conditions.add(condition(condition, now)));
        body.set("addresses", addresses(status.addresses()));
        body.set("capacity", texts(status.capacity()));
        body.set("allocatable", texts(status.allocatable()));
        body.putObject("nodeInfo")
                .put("kubeletVersion", kubeletVersion)
                .put("containerRuntimeVersion", status.runtimeVersion());
        return body;
    }

    private static ObjectNode condition(NodeCondition condition, Instant now) {
        return JSON.objectNode()
                .put("type", condition.type())
                .put("status", condition.status())
                .put("reason", condition.reason())
                .put("message", condition.message())
                .put("lastHeartbeatTime", WireTime.seconds(now))
                .put("lastTransitionTime", WireTime.seconds(condition.lastTransition()));
    }

    /** Always in the same order. */
    private static ArrayNode addresses(Map<String, String> addresses) {
        ArrayNode list = JSON.arrayNode();
        addresses.entrySet().stream()
                .sorted(Map.Entry.<String, String>comparingByKey().reversed())
                .forEach(entry ->
                        list.addObject()
                                .put("type", entry.getKey())
                                .put("address", entry.getValue()));
        return list;
    }

    private static ArrayNode taints(List<Taint> taints) {
        ArrayNode list = JSON.arrayNode();
        for (Taint taint : taints) {
            ObjectNode json = list.addObject().put("key", taint.key());
            if (!taint.value().isEmpty()) {
                json.put("value", taint.value());
            }
            json.put("effect", taint.effect());
            if (!taint.timeAdded().isEmpty()) {
                json.put("timeAdded", taint.timeAdded());
            }
        }
        return list;
    }

    /** A merge patch removes what is null. */
    private static ObjectNode texts(Map<String, String> entries, Set<String> obsolete) {
        ObjectNode json = texts(entries);
        obsolete.forEach(json::putNull);
        return json;
    }

    private static ObjectNode texts(Map<String, String> entries) {
        ObjectNode json = JSON.objectNode();
        entries.forEach(json::put);
        return json;
    }
}
