package io.koupleless.controller.arklet;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;

/** Arklet's messages as events, and commands as arklet's requests; holds no state. */
public final class ArkletCodec {

    public TunnelEvent.OfBase decodeMqtt(BaseId id, String answerTopic, byte[] payload)
            throws MalformedMessageException {
        throw new MalformedMessageException("not decoded yet");
    }

    public TunnelEvent.OfBase decodeHttp(BaseId id, Command command, byte[] body)
            throws MalformedMessageException {
        throw new MalformedMessageException("not decoded yet");
    }

    public TunnelEvent.OfBase decodeHttpHeartbeat(byte[] body) throws MalformedMessageException {
        throw new MalformedMessageException("not decoded yet");
    }

    public byte[] encode(Command command) {
        throw new UnsupportedOperationException();
    }

    public String commandName(Command command) {
        return switch (command) {
            case Command.Install install -> "installBiz";
            case Command.Uninstall uninstall -> "uninstallBiz";
            case Command.QueryHealth health -> "health";
            case Command.QueryModules modules -> "queryAllBiz";
        };
    }
}
