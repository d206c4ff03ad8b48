package io.koupleless.controller.app.scenario;

import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Where the sample base cannot say what was recorded, and why. Each is an edit of the recorded
 * message, so that any other difference fails.
 */
enum Deviation {
    /** The sample's arklet is 2.1.6 and its sofa-ark 3.1.4: health tells the versions of both. */
    OLDER_PLUGINS(Recorder.ARKLET_2_1_11, Deviation::olderPlugin),

    /**
     * The state records of sofa-ark 3.1.4 have no getters, so arklet writes them without fields.
     */
    STATE_RECORDS_WITHOUT_FIELDS(Recorder.ARKLET_2_1_11, Deviation::emptyRecords),

    /** For the same reason the tunnel has nothing to put into a latest state record. */
    NO_LATEST_STATE_RECORD(
            Recorder.ARKLET_2_1_11, object -> object.remove("latestStateRecord") != null),

    /** The tunnel of that recording left out causes; arklet's own and the sample's send them. */
    CAUSES_TOLD(Recorder.OTHER_TUNNEL, Deviation::withCause),

    /**
     * The tunnel of that recording told the space used by each module of a baseline; arklet's own
     * and the sample's tell it once for all.
     */
    SPACE_TOLD_ONCE(Recorder.OTHER_TUNNEL, Deviation::spaceToldOnce);

    private enum Recorder {
        /** Arklet's own tunnel. */
        ARKLET_2_1_11,
        /** Another tunnel of the same form, on the arklet that the sample has too. */
        OTHER_TUNNEL;

        private static Recorder of(String recording) {
            return recording.startsWith("mqtt-central-") ? OTHER_TUNNEL : ARKLET_2_1_11;
        }
    }

    private final Recorder recorder;
    private final Predicate<ObjectNode> edit;

    Deviation(Recorder recorder, Predicate<ObjectNode> edit) {
        this.recorder = recorder;
        this.edit = edit;
    }

    /** Edits a recorded message; true if there was something to edit. */
    boolean applyTo(String recording, JsonNode message) {
        return recorder == Recorder.of(recording) && applyToAll(message);
    }

    private boolean applyToAll(JsonNode node) {
        boolean applied = node instanceof ObjectNode object && edit.test(object);
        for (JsonNode child : node) {
            applied |= applyToAll(child);
        }
        return applied;
    }

    private static boolean olderPlugin(ObjectNode object) {
        String name = object.path("pluginName").asString("");
        String version = object.path("pluginVersion").asString("");
        String older = name.equals("web-ark-plugin") ? "3.1.4" : "2.1.6";
        if (name.isEmpty()) {
            return false;
        }
        object.put("pluginVersion", older);
        object.put("pluginUrl", object.path("pluginUrl").asString("").replace(version, older));
        return true;
    }

    private static boolean emptyRecords(ObjectNode object) {
        object.path("bizStateRecords").forEach(record -> ((ObjectNode) record).removeAll());
        return object.has("bizStateRecords");
    }

    private static boolean withCause(ObjectNode object) {
        String exception =
                "com.alipay.sofa.koupleless.arklet.core.common.exception"
                        + ".ArkletRuntimeException: ";
        String message = object.path("message").asString("");
        if (!message.startsWith(exception)) {
            return false;
        }
        object.put("message", message + "\nCaused by: " + message.substring(exception.length()));
        return true;
    }

    private static boolean spaceToldOnce(ObjectNode object) {
        if (!object.has("bizUrlToResponse")) {
            return false;
        }
        object.path("bizUrlToResponse")
                .forEach(response -> ((ObjectNode) response).remove("elapsedSpace"));
        object.put("elapsedSpace", 0);
        return true;
    }
}
