package io.koupleless.controller.arklet;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Writes commands as arklet reads them: an install has {@code bizName}, {@code bizVersion} and
 * {@code bizUrl}, an uninstall the first two, a query is an empty object; all are synchronous,
 * since over MQTT the end of an asynchronous one is never told.
 */
final class CommandWriter {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private CommandWriter() {}

    static byte[] write(Command command) {
        ObjectNode request =
                switch (command) {
                    case Command.Install install ->
                            named(install.ref()).put("bizUrl", install.url().toString());
                    case Command.Uninstall uninstall -> named(uninstall.ref());
                    case Command.QueryHealth _, Command.QueryModules _ -> MAPPER.createObjectNode();
                };
        return MAPPER.writeValueAsString(request).getBytes(StandardCharsets.UTF_8);
    }

    private static ObjectNode named(ModuleRef ref) {
        return MAPPER.createObjectNode()
                .put("bizName", ref.name())
                .put("bizVersion", ref.version());
    }
}
