package io.koupleless.controller.arklet;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelEvent.BaselineAsked;
import io.koupleless.controller.tunnel.TunnelEvent.BatchAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.CommandsReported;
import io.koupleless.controller.tunnel.TunnelEvent.HealthReported;
import io.koupleless.controller.tunnel.TunnelEvent.ModulesReported;
import io.koupleless.controller.tunnel.TunnelEvent.QueryRefused;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Arklet's messages as events, and commands as arklet's requests; holds no state.
 *
 * <p>An MQTT message of a base is an envelope, {@code publishTimestamp} and {@code data}; the
 * timestamp is the base's own clock and is not looked at, so that clocks need not agree. Over HTTP
 * there is no envelope. No answer carries a correlation id.
 */
public final class ArkletCodec {

    /**
     * Reads what a base published.
     *
     * @param id identity in the topic
     * @param answerTopic what follows {@code koupleless_<env>/<id>/base/}
     */
    public TunnelEvent.OfBase decodeMqtt(BaseId id, String answerTopic, byte[] payload)
            throws MalformedMessageException {
        WireValue data = WireValue.object(payload).get("data");
        return switch (answerTopic) {
            case "heart" -> new BaseSeen(HeartbeatReader.ofTopic(id, data));
            case "queryBaseline" -> baseline(id, data);
            case "health" -> health(id, data);
            case "simpleBiz" -> new ModulesReported(id, ModulesReader.list(data));
            case "biz" -> modules(id, data);
            case "bizOperation" -> operation(id, data);
            case "batchInstallBizResponse" ->
                    new BatchAnswered(id, BatchReader.answers(data.get("response")));
            default -> throw new MalformedMessageException("no such answer topic");
        };
    }

    /** Reads the answer to a command that was posted over HTTP. */
    public TunnelEvent.OfBase decodeHttp(BaseId id, Command command, byte[] body)
            throws MalformedMessageException {
        HttpAnswer answer = readHttp(body);
        if (!answer.identity().isEmpty() && !answer.identity().equals(id.value())) {
            throw new MalformedMessageException("identity differs from the base that was asked");
        }
        return answer.decode(id, command);
    }

    /** Reads an answer over HTTP as far as it can be read without knowing who gave it. */
    public HttpAnswer readHttp(byte[] body) throws MalformedMessageException {
        return new HttpAnswer(WireValue.object(body));
    }

    /** Reads the body of a heartbeat posted by a base; its identity is in the body alone. */
    public TunnelEvent.OfBase decodeHttpHeartbeat(byte[] body) throws MalformedMessageException {
        return new BaseSeen(HeartbeatReader.ofBody(WireValue.object(body)));
    }

    /**
     * Reads the body of {@code POST /queryBaseline}: a base's metadata, without anything around.
     */
    public TunnelEvent.OfBase decodeHttpBaseline(byte[] body) throws MalformedMessageException {
        return new BaselineAsked(HeartbeatReader.identityOf(WireValue.object(body)));
    }

    /** The command as UTF-8 JSON; the same over MQTT and HTTP, but for a batch. */
    public byte[] encode(Command command) {
        return CommandWriter.write(command);
    }

    /**
     * The command as UTF-8 JSON over MQTT, where a batch is the answer to {@code queryBaseline}: a
     * bare list.
     */
    public byte[] encodeMqtt(Command command) {
        return command instanceof Command.InstallAll(List<Command.Install> installs)
                ? CommandWriter.baseline(installs)
                : encode(command);
    }

    /**
     * What follows {@code koupleless_<env>/<id>/} in the topic of a command; empty for what bases
     * do not answer over MQTT.
     */
    public Optional<String> topic(Command command) {
        return switch (command) {
            case Command.QueryCommands _ -> Optional.empty();
            case Command.InstallAll _ -> Optional.of("base/baseline");
            default -> Optional.of(commandName(command));
        };
    }

    /** Arklet's id of the command: the path over HTTP. */
    public String commandName(Command command) {
        return switch (command) {
            case Command.InstallAll _ -> "batchInstallBiz";
            case Command.QueryCommands _ -> "help";
            case Command.Install _ -> "installBiz";
            case Command.Uninstall _ -> "uninstallBiz";
            case Command.QueryHealth _ -> "health";
            case Command.QueryModules _ -> "queryAllBiz";
        };
    }

    private static TunnelEvent.OfBase baseline(BaseId id, WireValue data)
            throws MalformedMessageException {
        HeartbeatReader.checkIdentity(id, data);
        return new BaselineAsked(id);
    }

    static TunnelEvent.OfBase health(BaseId id, WireValue response)
            throws MalformedMessageException {
        ResponseCode code = ResponseCode.of(response);
        return code.success()
                ? new HealthReported(id, HealthReader.read(response))
                : new QueryRefused(id, refusal(code, response));
    }

    static TunnelEvent.OfBase modules(BaseId id, WireValue response)
            throws MalformedMessageException {
        ResponseCode code = ResponseCode.of(response);
        return code.success()
                ? new ModulesReported(id, ModulesReader.list(response.get("data")))
                : new QueryRefused(id, refusal(code, response));
    }

    /** {@code help} lists commands with their descriptions. */
    static TunnelEvent.OfBase commands(BaseId id, WireValue response)
            throws MalformedMessageException {
        ResponseCode code = ResponseCode.of(response);
        return code.success()
                ? new CommandsReported(
                        id,
                        response.get("data")
                                .elements()
                                .map(command -> command.text("id"))
                                .filter(text -> !text.isEmpty())
                                .collect(Collectors.toSet()))
                : new QueryRefused(id, refusal(code, response));
    }

    private static TunnelEvent.OfBase operation(BaseId id, WireValue data)
            throws MalformedMessageException {
        Operation operation =
                switch (data.text("command")) {
                    case "installBiz" -> Operation.INSTALL;
                    case "uninstallBiz" -> Operation.UNINSTALL;
                    default -> throw new MalformedMessageException("no such command");
                };
        Optional<ModuleRef> ref = ModulesReader.ref(data);
        return new CommandAnswered(id, operation, ref, AnswerReader.read(data.get("response")));
    }

    private static String refusal(ResponseCode code, WireValue response) {
        String message = response.text("message");
        return message.isEmpty() ? code.value() : message;
    }
}
