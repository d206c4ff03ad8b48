package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.list;
import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.kubernetes.client.custom.Quantity;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1NodeCondition;
import io.kubernetes.client.openapi.models.V1NodeSpec;
import io.kubernetes.client.openapi.models.V1NodeStatus;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import io.kubernetes.client.openapi.models.V1Taint;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Reads a Node as far as we care; whatever is missing in it, never fails. */
final class NodeReader {
    private NodeReader() {}

    static ObservedNode read(V1Node node) {
        V1ObjectMeta metadata =
                Objects.requireNonNullElseGet(node.getMetadata(), V1ObjectMeta::new);
        V1NodeSpec spec = Objects.requireNonNullElseGet(node.getSpec(), V1NodeSpec::new);
        return new ObservedNode(
                text(metadata.getName()),
                text(metadata.getUid()),
                text(metadata.getResourceVersion()),
                Objects.requireNonNullElse(metadata.getLabels(), Map.of()),
                Objects.requireNonNullElse(metadata.getAnnotations(), Map.of()),
                list(spec.getTaints()).stream().map(NodeReader::taint).toList(),
                status(Objects.requireNonNullElseGet(node.getStatus(), V1NodeStatus::new)),
                Boolean.TRUE.equals(spec.getUnschedulable()));
    }

    private static Taint taint(V1Taint taint) {
        String timeAdded =
                taint.getTimeAdded() == null
                        ? ""
                        : WireTime.seconds(taint.getTimeAdded().toInstant());
        // Nobody counts from when our own came: without the time they compare with what we want.
        return new Taint(
                text(taint.getKey()),
                text(taint.getValue()),
                text(taint.getEffect()),
                Labels.isOurTaint(text(taint.getKey())) ? "" : timeAdded);
    }

    private static NodeStatus status(V1NodeStatus status) {
        Map<String, String> addresses = new HashMap<>();
        list(status.getAddresses())
                .forEach(a -> addresses.putIfAbsent(text(a.getType()), text(a.getAddress())));
        String runtime =
                status.getNodeInfo() == null
                        ? ""
                        : text(status.getNodeInfo().getContainerRuntimeVersion());
        return new NodeStatus(
                conditions(list(status.getConditions())),
                addresses,
                quantities(status.getCapacity()),
                quantities(status.getAllocatable()),
                runtime);
    }

    private static Map<String, String> quantities(@Nullable Map<String, Quantity> said) {
        Map<String, String> quantities = new HashMap<>();
        Objects.requireNonNullElse(said, Map.<String, Quantity>of())
                .forEach((name, quantity) -> quantities.put(name, quantity.toSuffixedString()));
        return quantities;
    }

    private static List<NodeCondition> conditions(List<V1NodeCondition> conditions) {
        return conditions.stream()
                .map(c ->
                        new NodeCondition(
                                text(c.getType()),
                                text(c.getStatus()),
                                text(c.getReason()),
                                text(c.getMessage()),
                                WireTime.read(c.getLastTransitionTime())))
                .toList();
    }
}
