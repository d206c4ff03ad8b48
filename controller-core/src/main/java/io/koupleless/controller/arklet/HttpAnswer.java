package io.koupleless.controller.arklet;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import java.util.Optional;

/** An answer over HTTP that is known to be JSON; who gave it is for the transport to say. */
public final class HttpAnswer {
    private final WireValue response;

    HttpAnswer(WireValue response) {
        this.response = response;
    }

    /**
     * Whom the base says it is; empty from runtimes before 1.3.2 and in answers to bad requests.
     */
    public String identity() {
        return response.text("baseIdentity", "baseID");
    }

    /** What it means as the answer of that base to that command. */
    public TunnelEvent.OfBase decode(BaseId id, Command command) throws MalformedMessageException {
        return switch (command) {
            case Command.QueryHealth _ -> ArkletCodec.health(id, response);
            case Command.QueryModules _ -> ArkletCodec.modules(id, response);
            case Command.QueryCommands _ -> ArkletCodec.commands(id, response);
            case Command.InstallAll _ ->
                    new TunnelEvent.BatchAnswered(id, BatchReader.answers(response));
            case Command.OnModule change ->
                    new CommandAnswered(
                            id,
                            change.operation(),
                            Optional.of(change.ref()),
                            AnswerReader.read(response));
        };
    }
}
