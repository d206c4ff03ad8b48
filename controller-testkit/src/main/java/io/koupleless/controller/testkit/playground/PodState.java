package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.controlplane.Conditions;
import tools.jackson.databind.JsonNode;

/** What a user wants to know about a Pod, in a few words. */
final class PodState {
    private PodState() {}

    static String describe(JsonNode pod) {
        String name = pod.at("/metadata/name").asString();
        if (Conditions.ready().test(pod)) {
            return name + " Ready";
        }
        if (pod.at("/spec/nodeName").asString("").isEmpty()) {
            return "%s not scheduled (%s)".formatted(name, schedulerSays(pod));
        }
        JsonNode waiting = pod.at("/status/containerStatuses/0/state/waiting");
        return "%s %s %s"
                .formatted(
                        name,
                        waiting.path("reason").asString(pod.at("/status/phase").asString("")),
                        waiting.path("message").asString(""))
                .strip();
    }

    private static String schedulerSays(JsonNode pod) {
        return pod.at("/status/conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString().equals("PodScheduled"))
                .map(condition -> condition.path("message").asString(""))
                .findFirst()
                .orElse("the scheduler has not looked yet");
    }
}
