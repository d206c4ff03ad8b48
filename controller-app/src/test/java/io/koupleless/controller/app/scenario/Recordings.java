package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.SampleModules;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * What bases were recorded to say over MQTT, made comparable with what the sample base says:
 * modules of the same role; no times, no directories, no measured values, but their kind.
 */
final class Recordings {
    private static final Path DIRECTORY =
            Path.of("../controller-core/src/test/resources/captures/koupleless-2.1.11");
    private static final JsonMapper JSON = JsonMapper.shared();
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    /**
     * What is said of a recorded module, and of the sample module that plays its part; in order.
     */
    private static final List<Map.Entry<String, String>> ROLES =
            List.of(
                    Map.entry("bizbad refuses to start", "database url is missing"),
                    Map.entry("[\"--ok\",\"--sleepMs=1500\"]", "[" + startsByArgument() + "]"),
                    Map.entry("\"webContextPath\":\"biz2\"", "\"webContextPath\":\"/\""),
                    Map.entry("\"webContextPath\":\"bizbad\"", "\"webContextPath\":\"/\""),
                    Map.entry("demo.bizbad.BadApplication", "demo.failing.FailingApplication"),
                    Map.entry("\"demo.", "\"io.koupleless.controller.samples."),
                    Map.entry("bizbad", "failing"));

    private static final Set<String> MEASURED =
            Set.of(
                    "publishTimestamp",
                    "changeTime",
                    "elapsedSpace",
                    "elapsedTime",
                    "startTime",
                    "startTimestamp");

    /** All that is said of the JVM and the processors is measured. */
    private static final Set<String> MEASUREMENTS = Set.of("jvm", "cpu");

    /** How far an asynchronous install may be when it is answered. */
    private static final Set<String> UNDER_WAY = Set.of("INITIALIZED", "EXECUTING");

    private final SampleModules modules;

    Recordings(SampleModules modules) {
        this.modules = modules;
    }

    /** With it the failing module starts. */
    static String startsByArgument() {
        return "\"--orders.database-url=jdbc:none\"";
    }

    /** The names of all recordings of MQTT messages. */
    Set<String> names() {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.map(file -> file.getFileName().toString().replace(".json", ""))
                    .filter(name -> name.startsWith("mqtt-"))
                    .collect(Collectors.toSet());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * What the sample base should say.
     *
     * @param met takes the deviations that the recording needs
     */
    String expected(String recording, Set<Deviation> met) {
        String text = read(recording).toString().replace("file:///modules", modules.urlPrefix());
        for (Map.Entry<String, String> role : ROLES) {
            text = text.replace(role.getKey(), role.getValue());
        }
        JsonNode message = JSON.readTree(text);
        for (Deviation deviation : Deviation.values()) {
            if (deviation.applyTo(recording, message)) {
                met.add(deviation);
            }
        }
        return comparable(message);
    }

    /** What it did say. */
    String actual(AnswerTap.Said said) {
        ObjectNode message = NODES.objectNode();
        message.put("topic", said.topic());
        message.put("qos", said.qos());
        message.put("retain", said.retained() ? 1 : 0);
        message.set("payload", JSON.readTree(said.payload()));
        return comparable(message);
    }

    private static JsonNode read(String recording) {
        try {
            return JSON.readTree(Files.readString(DIRECTORY.resolve(recording + ".json")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String comparable(JsonNode message) {
        return JSON.writerWithDefaultPrettyPrinter().writeValueAsString(normalized("", message));
    }

    private static JsonNode normalized(String name, JsonNode node) {
        if (node.isObject()) {
            return object(name, node);
        }
        if (node.isArray()) {
            return array(name, node);
        }
        return node.isString() ? NODES.stringNode(text(node.asString())) : node;
    }

    private static JsonNode object(String name, JsonNode node) {
        Map<String, JsonNode> sorted = new TreeMap<>();
        for (Map.Entry<String, JsonNode> field : node.properties()) {
            boolean measured = MEASUREMENTS.contains(name) || MEASURED.contains(field.getKey());
            sorted.put(
                    field.getKey(),
                    measured
                            ? NODES.stringNode("some " + field.getValue().getNodeType())
                            : normalized(field.getKey(), field.getValue()));
        }
        if (node.has("arkBizMeta")) {
            // A thread of arklet's own fills these in while another writes the answer.
            sorted.keySet().removeAll(List.of("startTime", "threadName"));
            sorted.computeIfPresent(
                    "status",
                    (key, status) ->
                            UNDER_WAY.contains(status.asString())
                                    ? NODES.stringNode("under way")
                                    : status);
        }
        return NODES.objectNode().setAll(sorted);
    }

    /** Nobody promises an order, but for the history of a module. */
    private static JsonNode array(String name, JsonNode node) {
        List<JsonNode> members = new ArrayList<>();
        node.forEach(member -> members.add(normalized(name, member)));
        if (!name.equals("bizStateRecords")) {
            members.sort(Comparator.comparing(JsonNode::toString));
        }
        ArrayNode array = NODES.arrayNode();
        members.forEach(array::add);
        return array;
    }

    private static String text(String text) {
        return exceptions(text)
                .replaceAll("cost: \\d+ ms, started at: [0-9:,]+", "cost: # ms, started at: #")
                .replaceAll("(file:)?/\\S*/(\\S+)-\\d{17}-unpack", "$1…/$2-#-unpack")
                .replaceAll("file:/\\S+/base.jar!", "file:…/base.jar!");
    }

    /**
     * Of a stack trace the exception, its cause and the deepest one; how deep that lies is the
     * module's own affair.
     */
    private static String exceptions(String text) {
        List<String> lines = text.lines().filter(line -> !line.startsWith("\t")).toList();
        return lines.size() < 4
                ? String.join("\n", lines)
                : String.join("\n", lines.get(0), lines.get(1), lines.getLast());
    }
}
