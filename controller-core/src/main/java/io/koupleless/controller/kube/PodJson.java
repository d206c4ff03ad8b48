package io.koupleless.controller.kube;

import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.vnode.Effect;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The few bodies that we send for Pods. */
final class PodJson {
    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    /** All other conditions belong to others: readiness gates, evictions. */
    private static final Set<String> OURS =
            Set.of(
                    PodCondition.SCHEDULED,
                    PodCondition.INITIALIZED,
                    PodCondition.CONTAINERS_READY,
                    PodCondition.READY,
                    PodCondition.MANIFEST_MATCHES);

    private PodJson() {}

    /** A strategic patch of the status; the uid makes it miss another Pod of that name. */
    static ObjectNode statusPatch(String uid, PodStatus status) {
        ObjectNode patch = forPod(uid);
        ObjectNode body = patch.putObject("status");
        body.put("phase", phase(status.phase()));
        body.put("reason", orNull(status.reason()));
        body.put("message", orNull(status.message()));
        status.startTime().ifPresent(time -> body.put("startTime", WireTime.seconds(time)));
        if (!status.podIp().isEmpty()) {
            body.put("hostIP", status.podIp()).put("podIP", status.podIp());
            body.putArray("podIPs").addObject().put("ip", status.podIp());
        }
        ArrayNode conditions = body.putArray("conditions");
        status.conditions().stream()
                .filter(condition -> OURS.contains(condition.type()))
                .forEach(condition -> conditions.add(condition(condition)));
        ArrayNode containers = body.putArray("containerStatuses");
        status.containers().forEach(container -> containers.add(container(container)));
        return patch;
    }

    /** A merge patch of the address alone: a strategic one would add to the list of addresses. */
    static ObjectNode addressPatch(String uid, String ip) {
        ObjectNode patch = forPod(uid);
        patch.putObject("status").put("podIP", ip).put("hostIP", ip);
        return patch;
    }

    /** A strategic patch of one condition; one that stays what it was keeps its time. */
    static ObjectNode gatePatch(Effect.PatchBasePod gate, String type, Instant now) {
        ObjectNode patch = forPod(gate.pod().uid());
        ObjectNode condition = patch.putObject("status").putArray("conditions").addObject();
        condition.put("type", type).put("status", gate.open() ? "True" : "False");
        condition.put("reason", gate.reason()).put("message", gate.message());
        if (gate.turns()) {
            condition.put("lastTransitionTime", WireTime.seconds(now));
        }
        return patch;
    }

    static ObjectNode deletion(String uid) {
        ObjectNode options = JSON.objectNode().put("gracePeriodSeconds", 0);
        options.putObject("preconditions").put("uid", uid);
        return options;
    }

    private static ObjectNode forPod(String uid) {
        ObjectNode patch = JSON.objectNode();
        patch.putObject("metadata").put("uid", uid);
        return patch;
    }

    private static ObjectNode condition(PodCondition condition) {
        return JSON.objectNode()
                .put("type", condition.type())
                .put("status", condition.status() ? "True" : "False")
                .put("reason", orNull(condition.reason()))
                .put("message", orNull(condition.message()))
                .put("lastTransitionTime", WireTime.seconds(condition.lastTransition()));
    }

    private static ObjectNode container(ContainerStatus container) {
        ObjectNode json =
                JSON.objectNode()
                        .put("name", container.name())
                        .put("image", container.image())
                        .put("imageID", container.image())
                        .put("containerID", container.name())
                        .put("ready", container.ready())
                        .put("started", container.started())
                        .put("restartCount", container.restartCount());
        json.set("state", state(container.state()));
        json.set("lastState", state(container.lastState()));
        return json;
    }

    private static ObjectNode state(ContainerState state) {
        ObjectNode json = JSON.objectNode();
        switch (state) {
            case ContainerState.Unset() -> {}
            case ContainerState.Waiting(String reason, String message) ->
                    json.putObject("waiting").put("reason", reason).put("message", message);
            case ContainerState.Running(var startedAt) ->
                    json.putObject("running").put("startedAt", WireTime.seconds(startedAt));
            case ContainerState.Terminated ended ->
                    json.putObject("terminated")
                            .put("exitCode", ended.exitCode())
                            .put("reason", ended.reason())
                            .put("message", ended.message())
                            .put("startedAt", WireTime.seconds(ended.startedAt()))
                            .put("finishedAt", WireTime.seconds(ended.finishedAt()));
        }
        return json;
    }

    private static String phase(PodStatus.Phase phase) {
        return switch (phase) {
            case PENDING -> "Pending";
            case RUNNING -> "Running";
            case SUCCEEDED -> "Succeeded";
            case FAILED -> "Failed";
        };
    }

    /** In a patch null takes a field away. */
    private static @Nullable String orNull(String text) {
        return text.isEmpty() ? null : text;
    }
}
