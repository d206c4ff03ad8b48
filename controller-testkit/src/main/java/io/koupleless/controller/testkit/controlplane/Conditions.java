package io.koupleless.controller.testkit.controlplane;

import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What one waits for in the status of an object. */
public final class Conditions {
    private Conditions() {}

    /** The status condition of that type is True. */
    public static Predicate<JsonNode> isTrue(String type) {
        return object -> statusOf(object, type).equals("True");
    }

    /** A Pod or a Node is Ready. */
    public static Predicate<JsonNode> ready() {
        return isTrue("Ready");
    }

    /** True, False or Unknown; empty if there is no such condition. */
    public static String statusOf(JsonNode object, String type) {
        return object.at("/status/conditions")
                .valueStream()
                .filter(condition -> condition.path("type").asString().equals(type))
                .map(condition -> condition.path("status").asString())
                .findFirst()
                .orElse("");
    }
}
