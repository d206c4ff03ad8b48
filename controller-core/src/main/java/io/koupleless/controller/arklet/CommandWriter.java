package io.koupleless.controller.arklet;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import java.nio.charset.StandardCharsets;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes commands as arklet reads them: an install has {@code bizName}, {@code bizVersion} and
 * {@code bizUrl} and, if there are any, {@code args}, an uninstall the first two, a query is an
 * empty object; all are synchronous, since over MQTT the end of an asynchronous one is never told.
 */
final class CommandWriter {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private CommandWriter() {}

    static byte[] write(Command command) {
        return bytes(
                switch (command) {
                    case Command.Install install -> install(install);
                    case Command.Uninstall uninstall -> named(uninstall.ref());
                    case Command.InstallAll(List<Command.Install> installs) ->
                            MAPPER.createObjectNode().set("bizList", list(installs));
                    case Command.QueryHealth _, Command.QueryModules _, Command.QueryCommands _ ->
                            MAPPER.createObjectNode();
                });
    }

    /** The answer to a base that asked for its baseline over MQTT. */
    static byte[] baseline(List<Command.Install> installs) {
        return bytes(list(installs));
    }

    private static byte[] bytes(JsonNode request) {
        return MAPPER.writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
    }

    private static ArrayNode list(List<Command.Install> installs) {
        ArrayNode list = MAPPER.createArrayNode();
        installs.forEach(install -> list.add(install(install)));
        return list;
    }

    private static ObjectNode install(Command.Install install) {
        ObjectNode request = named(install.ref()).put("bizUrl", install.url().toString());
        if (!install.args().isEmpty()) {
            install.args().forEach(request.putArray("args")::add);
        }
        return request;
    }

    private static ObjectNode named(ModuleRef ref) {
        return MAPPER.createObjectNode()
                .put("bizName", ref.name())
                .put("bizVersion", ref.version());
    }
}
