package io.koupleless.controller.simulation;

import io.koupleless.controller.arklet.ArkletCodec;
import io.koupleless.controller.arklet.MalformedMessageException;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The broker between both sides: bytes on topics, lost, repeated and late. */
final class Wire {
    private final VirtualTime time;
    private final Chance chance;
    private final Faults faults;
    private final Story story;
    private final ArkletCodec codec = new ArkletCodec();
    private final BaseId id;
    private @Nullable ModelBase base;
    private @Nullable ModelController controller;
    private @Nullable Invariants invariants;
    private boolean brokerUp = true;
    private boolean baseCut;

    Wire(VirtualTime time, Chance chance, Faults faults, Story story, BaseId id) {
        this.time = time;
        this.chance = chance;
        this.faults = faults;
        this.story = story;
        this.id = id;
    }

    /** A planted bug: the base is told to replace all versions of the module. */
    void uninstallThenInstall(ModuleRef ref) {
        String body =
                "{\"bizName\":\"%s\",\"bizVersion\":\"%s\",\"bizUrl\":\"http://repo/x.jar\","
                        .formatted(ref.name(), ref.version());
        String strategy = "\"installStrategy\":\"uninstallThenInstall\"}";
        byte[] bytes = (body + strategy).getBytes(StandardCharsets.UTF_8);
        int process = base == null ? 0 : base.process();
        time.after(5, () -> arrive("installBiz", bytes, List.of(), process));
    }

    void connect(ModelBase ofBase, ModelController ofController, Invariants told) {
        base = ofBase;
        controller = ofController;
        invariants = told;
    }

    boolean brokerUp() {
        return brokerUp;
    }

    boolean baseConnected() {
        return faults.mqtt && brokerUp && !baseCut;
    }

    void broker(boolean up) {
        brokerUp = up;
    }

    /** By a probe, which no broker carries. */
    boolean reachesBase() {
        return !baseCut;
    }

    void cutBase(boolean cut) {
        baseCut = cut;
    }

    /** Hands a command to the broker. */
    void toBase(Command command, List<Sent> sent) {
        byte[] bytes = codec.encodeMqtt(command);
        String name = codec.topic(command).orElseThrow();
        int process = base == null ? 0 : base.process();
        if (chance.of(faults.now(faults.lostMessages))) {
            story.tell("wire", "loses", command);
            return;
        }
        time.after(delay(sent), () -> arrive(name, bytes, sent, process));
        if (chance.of(faults.now(faults.repeatedMessages))) {
            muddled(sent);
            time.after(delay(sent), () -> arrive(name, bytes, sent, process));
        }
    }

    private long delay(List<Sent> sent) {
        if (!chance.of(faults.now(faults.lateMessages))) {
            return chance.between(1, 30);
        }
        if (sent.isEmpty()) {
            return chance.between(100, 15_000);
        }
        return sent.getFirst().command instanceof Command.Install
                ? chance.between(1_000, 58_000)
                : chance.between(1_000, 29_000);
    }

    /** What was on its way to a process that is gone is gone: its session was a clean one. */
    private void arrive(String name, byte[] bytes, List<Sent> sent, int process) {
        if (baseConnected() && base != null && base.process() == process) {
            base.receive(name, bytes, sent);
        }
    }

    private void muddled(List<Sent> sent) {
        if (invariants != null) {
            sent.forEach(invariants::muddled);
        }
    }

    /** Hands a message of the base to the broker. */
    void toController(String topic, byte[] bytes, List<Sent> answerTo) {
        if (!baseConnected()) {
            return;
        }
        if (chance.of(faults.now(faults.lostMessages))) {
            story.tell("wire", "loses", topic, answerTo);
            return;
        }
        time.after(answerDelay(), () -> deliver(topic, bytes, answerTo));
        if (chance.of(faults.now(faults.repeatedMessages))) {
            muddled(answerTo);
            time.after(answerDelay(), () -> deliver(topic, bytes, answerTo));
        }
    }

    private long answerDelay() {
        return chance.of(faults.now(faults.lateMessages))
                ? chance.between(100, 20_000)
                : chance.between(1, 30);
    }

    private void deliver(String topic, byte[] bytes, List<Sent> answerTo) {
        if (controller == null || !controller.linkUp(ModelController.MQTT)) {
            return;
        }
        try {
            TunnelEvent.OfBase event = codec.decodeMqtt(id, topic, bytes);
            controller.hear(ModelController.MQTT, event, answerTo);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }
}
