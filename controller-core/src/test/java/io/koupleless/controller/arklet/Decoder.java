package io.koupleless.controller.arklet;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.net.URI;
import java.util.List;
import java.util.stream.Stream;

/** One way of reading a payload. */
@FunctionalInterface
interface Decoder {
    TunnelEvent.OfBase decode(byte[] payload) throws MalformedMessageException;

    /** Every way that the codec has. */
    static List<Decoder> all() {
        ArkletCodec codec = new ArkletCodec();
        ModuleRef ref = new ModuleRef("biz1", "1.0.0");
        Stream<Decoder> mqtt =
                Stream.of(
                                "heart",
                                "queryBaseline",
                                "health",
                                "simpleBiz",
                                "biz",
                                "bizOperation",
                                "batchInstallBizResponse")
                        .map(topic -> payload -> codec.decodeMqtt(Capture.BASE, topic, payload));
        Stream<Command> commands =
                Stream.of(
                        new Command.Install(ref, URI.create("file:///x.jar")),
                        new Command.Uninstall(ref),
                        new Command.QueryHealth(),
                        new Command.QueryModules());
        Stream<Decoder> http =
                commands.map(
                        command -> payload -> codec.decodeHttp(Capture.BASE, command, payload));
        return Stream.concat(
                        Stream.concat(mqtt, http),
                        Stream.of(codec::decodeHttpHeartbeat, codec::decodeHttpBaseline))
                .toList();
    }
}
