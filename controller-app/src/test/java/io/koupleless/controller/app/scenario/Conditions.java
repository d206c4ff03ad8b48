package io.koupleless.controller.app.scenario;

import java.util.Optional;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/** Reads what Kubernetes shows of Pods and Nodes. */
final class Conditions {
    private Conditions() {}

    static Optional<JsonNode> condition(JsonNode object, String type) {
        return StreamSupport.stream(object.at("/status/conditions").spliterator(), false)
                .filter(c -> c.at("/type").asString("").equals(type))
                .findFirst();
    }

    static boolean is(JsonNode object, String type, String status) {
        return condition(object, type)
                .filter(c -> c.at("/status").asString("").equals(status))
                .isPresent();
    }

    static boolean ready(JsonNode object) {
        return is(object, "Ready", "True");
    }

    static boolean notReady(JsonNode object) {
        return is(object, "Ready", "False");
    }

    static String waitingReason(JsonNode pod) {
        return pod.at("/status/containerStatuses/0/state/waiting/reason").asString("");
    }

    static String waitingMessage(JsonNode pod) {
        return pod.at("/status/containerStatuses/0/state/waiting/message").asString("");
    }

    static int restarts(JsonNode pod) {
        return pod.at("/status/containerStatuses/0/restartCount").asInt(-1);
    }

    static String uid(JsonNode object) {
        return object.at("/metadata/uid").asString("");
    }

    static String transitionOf(JsonNode object, String type) {
        return condition(object, type)
                .map(c -> c.at("/lastTransitionTime").asString(""))
                .orElse("");
    }

    static String ip(JsonNode node) {
        return node.at("/status/addresses")
                .valueStream()
                .filter(a -> a.at("/type").asString("").equals("InternalIP"))
                .map(a -> a.at("/address").asString(""))
                .findFirst()
                .orElse("");
    }

    /** Nothing new is scheduled there because of that taint. */
    static boolean repels(JsonNode node, String taint) {
        return node.at("/spec/taints")
                .valueStream()
                .filter(t -> t.at("/effect").asString("").equals("NoSchedule"))
                .anyMatch(t -> t.at("/key").asString("").equals(taint));
    }
}
