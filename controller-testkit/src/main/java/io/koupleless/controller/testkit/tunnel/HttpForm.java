package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.discovery.BaseAddress;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * What a base says over MQTT, in the form that it has over HTTP: no envelope around answers, {@code
 * baseIdentity} in the good ones, enums spelled as {@code toString} does, and a failure that is an
 * internal error with its stack trace beside the message.
 */
final class HttpForm {
    private static final JsonMapper JSON = JsonMapper.shared();

    /** What {@code help} says, in its order. */
    private static final Map<String, String> COMMANDS = commands();

    /** Listed, but not played. */
    private static final Set<String> IDLE = Set.of("switchBiz", "queryBizOps");

    private static final Map<String, String> REASONS =
            Map.of(
                    "CREATED", "Created",
                    "STARTED", "Started",
                    "INSTALL_FAILED", "Install Failed");

    private HttpForm() {}

    static byte[] answer(BaseId id, ArkletRuntime runtime, WireMessage said) {
        JsonNode data = data(said);
        ObjectNode answer =
                switch (said.topic()) {
                    case "simpleBiz" -> success(modules(data));
                    case "bizOperation", "batchInstallBizResponse" ->
                            operation((ObjectNode) data.path("response"));
                    default -> (ObjectNode) data;
                };
        identified(id, runtime, answer);
        lowerCaseStates(answer);
        return bytes(answer);
    }

    private static ObjectNode identified(BaseId id, ArkletRuntime runtime, ObjectNode answer) {
        String code = answer.path("code").asString("");
        if (runtime.tellsIdentity() && (code.equals("SUCCESS") || code.equals("FAILED"))) {
            answer.put("baseIdentity", id.value());
        }
        return answer;
    }

    /** The body of {@code POST /heartbeat} or {@code /queryBaseline}. */
    static byte[] announcement(BaseAddress address, WireMessage said) {
        JsonNode data = data(said);
        if (data instanceof ObjectNode heart && said.topic().equals("heart")) {
            heart.put("localIP", address.ip()).put("localHostName", address.ip());
            heart.put("port", address.port());
        }
        return bytes(data);
    }

    static boolean knows(ArkletRuntime runtime, String command) {
        return lists(runtime, command) && !IDLE.contains(command);
    }

    static byte[] help(BaseId id, ArkletRuntime runtime) {
        ArrayNode commands = JSON.createArrayNode();
        COMMANDS.forEach((command, description) -> {
            if (lists(runtime, command)) {
                commands.addObject().put("desc", description).put("id", command);
            }
        });
        return bytes(identified(id, runtime, success(commands)));
    }

    private static boolean lists(ArkletRuntime runtime, String command) {
        return COMMANDS.containsKey(command)
                && (runtime.batches() || !command.equals(ArkletJson.BATCH));
    }

    private static Map<String, String> commands() {
        Map<String, String> commands = new LinkedHashMap<>();
        commands.put("health", "get all health info");
        commands.put(ArkletJson.BATCH, "install one ark biz");
        commands.put("queryAllBiz", "query all ark biz(including master biz)");
        commands.put("help", "list all supported commands");
        commands.put("uninstallBiz", "uninstall one ark biz");
        commands.put("switchBiz", "switch one ark biz");
        commands.put("installBiz", "install one ark biz");
        commands.put("queryBizOps", "query ark biz ops");
        return commands;
    }

    static byte[] unknownCommand() {
        return bytes(
                JSON.createObjectNode()
                        .put("code", "CMD_NOT_FOUND")
                        .put("message", "please follow the doc"));
    }

    private static JsonNode data(WireMessage said) {
        return JSON.readTree(said.payload()).path("data");
    }

    private static ObjectNode success(JsonNode data) {
        ObjectNode answer = JSON.createObjectNode().put("code", "SUCCESS");
        answer.set("data", data);
        return answer;
    }

    private static ArrayNode modules(JsonNode simple) {
        ArrayNode modules = JSON.createArrayNode();
        for (JsonNode one : simple.values()) {
            ObjectNode module = modules.addObject();
            String name = one.path("name").asString("");
            module.put("bizName", name);
            module.put("bizVersion", one.path("version").asString(""));
            module.put("bizState", one.path("state").asString(""));
            module.put("mainClass", ArkletJson.mainClass(name));
            module.put("webContextPath", name);
            module.set(
                    "bizStateRecords", JSON.createArrayNode().add(one.path("latestStateRecord")));
        }
        return modules;
    }

    /** Over MQTT every failure is {@code FAILED} with the trace in {@code data.message}. */
    private static ObjectNode operation(ObjectNode response) {
        JsonNode data = response.path("data");
        boolean threw =
                response.path("code").asString("").equals("FAILED")
                        && data.path("code").asString("").equals("FAILED")
                        && !data.has("bizUrlToResponse");
        if (!threw) {
            return response;
        }
        return JSON.createObjectNode()
                .put("code", "CMD_PROCESS_INTERNAL_ERROR")
                .put("message", "Internal Error: " + response.path("message").asString(""))
                .put("errorStackTrace", data.path("message").asString(""));
    }

    private static void lowerCaseStates(JsonNode node) {
        Stream.concat(Stream.of(node), node.values().stream())
                .filter(ObjectNode.class::isInstance)
                .map(ObjectNode.class::cast)
                .forEach(HttpForm::spell);
        node.values().forEach(HttpForm::lowerCaseStates);
    }

    private static void spell(ObjectNode object) {
        Map<String, String> spelled = new LinkedHashMap<>();
        for (String field : List.of("bizState", "state")) {
            if (object.path(field).isString()) {
                spelled.put(field, object.path(field).stringValue().toLowerCase(Locale.ROOT));
            }
        }
        if (object.path("reason").isString() && object.has("changeTime")) {
            String reason = object.path("reason").stringValue();
            spelled.put("reason", REASONS.getOrDefault(reason, reason));
        }
        spelled.forEach(object::put);
    }

    private static byte[] bytes(JsonNode node) {
        return JSON.writeValueAsBytes(node);
    }
}
