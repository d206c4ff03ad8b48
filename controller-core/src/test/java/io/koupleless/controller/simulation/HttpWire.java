package io.koupleless.controller.simulation;

import io.koupleless.controller.arklet.ArkletCodec;
import io.koupleless.controller.arklet.HttpAnswer;
import io.koupleless.controller.arklet.MalformedMessageException;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Connections between both sides, one for each request: refused, without a free loop, broken before
 * or after the base has read it, or with the one answer. The body leaves after {@code 100
 * Continue}, so what could not be dialled was certainly not sent.
 */
final class HttpWire {
    static final int PORT = 1238;

    private static final long ALL_DIALS = 3_000;

    private final VirtualTime time;
    private final Chance chance;
    private final Faults faults;
    private final Story story;
    private final ArkletCodec codec = new ArkletCodec();
    private final BaseId id;
    private final ModelBase base;
    private final ModelController controller;
    private boolean cut;
    private boolean hung;

    /** Another process has the address that the base had before. */
    private String strangerAt = "";

    private Predicate<String> others = address -> false;

    HttpWire(
            VirtualTime time,
            Chance chance,
            Faults faults,
            Story story,
            ModelBase base,
            ModelController controller) {
        this.time = time;
        this.chance = chance;
        this.faults = faults;
        this.story = story;
        this.id = new BaseId(base.identity());
        this.base = base;
        this.controller = controller;
    }

    void start() {
        sight();
    }

    void cut(boolean isCut) {
        cut = isCut;
    }

    void hang(boolean hangs) {
        hung = hangs;
    }

    /** By a probe, which takes the same network. */
    boolean reachesBase() {
        return !cut;
    }

    /** Both sides can talk, and the base has a loop that answers. */
    boolean works() {
        return connected() && !hung && !base.loopsBusy();
    }

    /** Other bases that have an address now. */
    void othersAt(Predicate<String> bases) {
        others = bases;
    }

    void stranger(String address) {
        strangerAt = address;
    }

    /** Heartbeats get through. */
    boolean connected() {
        return faults.http && !cut && base.serves();
    }

    /** A heartbeat of the base, or an answer to our own poll: where it is now. */
    private void sight() {
        long period = faults.beats ? 12_000 : chance.between(10_000, 12_000);
        time.after(period, this::sight);
        sightNow();
    }

    /** A base that has just started beats at once. */
    void sightNow() {
        if (!connected() || !controller.linkUp(ModelController.HTTP)) {
            return;
        }
        if (chance.of(faults.now(faults.lostMessages))) {
            return;
        }
        byte[] heartbeat = heartbeat();
        int process = base.process();
        int heardBy = controller.process();
        time.after(
                chance.between(1, 60),
                () -> {
                    boolean same = base.process() == process && controller.process() == heardBy;
                    if (same && !cut && controller.linkUp(ModelController.HTTP)) {
                        hear(heartbeat);
                    }
                });
    }

    private byte[] heartbeat() {
        ObjectNode heart = JsonMapper.shared().createObjectNode();
        heart.putObject("baseMetadata")
                .put("identity", id.value())
                .put("name", "demo")
                .put("version", "1.0.0")
                .put("clusterName", "default");
        heart.put("localHostName", "pod-7").put("localIP", base.ip()).put("port", PORT);
        heart.put("state", "activated");
        return heart.toString().getBytes(StandardCharsets.UTF_8);
    }

    private void hear(byte[] heartbeat) {
        try {
            controller.hear(ModelController.HTTP, codec.decodeHttpHeartbeat(heartbeat), List.of());
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Carries a command.
     *
     * @param to address that the controller knows
     * @param taken hears whether it left
     */
    void post(Effect.Send send, String to, List<Sent> sent, Consumer<Outcome> taken) {
        Request request =
                new Request(
                        send,
                        to,
                        sent,
                        taken,
                        time.nanos() + send.timeToLive().toNanos(),
                        controller.process());
        boolean refused = !cut && !reaches(to);
        if (refused || cut || hung || base.loopsBusy()) {
            time.after(
                    refused ? chance.between(1, 20) : ALL_DIALS,
                    () -> request.notSent("no answer to a dial"));
            return;
        }
        time.after(chance.between(1, 30), () -> leave(request));
    }

    private boolean reaches(String address) {
        return base.serves() && base.ip().equals(address) || isStranger(address);
    }

    private boolean isStranger(String address) {
        return strangerAt.equals(address) || others.test(address);
    }

    private void leave(Request request) {
        if (!reaches(request.to)) {
            request.notSent("cannot be connected to");
        } else if (time.nanos() - request.send.fenceNanos() >= 0) {
            request.notSent("fenced");
        } else {
            request.taken.accept(new Outcome.Done());
            if (chance.of(faults.now(faults.lostMessages))) {
                story.tell("http", "breaks before the base has", request.send.command());
                return;
            }
            int process = base.process();
            time.after(delay(), () -> arrive(request, process));
        }
    }

    private void arrive(Request request, int process) {
        if (isStranger(request.to)) {
            story.tell("http", "another process takes", request.send.command());
            return;
        }
        if (base.serves() && base.process() == process) {
            base.take(
                    codec.commandName(request.send.command()),
                    codec.encode(request.send.command()),
                    request.sent,
                    response -> answered(request, response));
        }
    }

    private void answered(Request request, ObjectNode response) {
        if (chance.of(faults.now(faults.lostMessages))) {
            story.tell("http", "breaks before the answer to", request.send.command());
            return;
        }
        response.put("baseIdentity", id.value());
        byte[] bytes = response.toString().getBytes(StandardCharsets.UTF_8);
        time.after(delay(), () -> deliver(request, bytes));
    }

    private void deliver(Request request, byte[] bytes) {
        boolean waited =
                controller.process() == request.process && controller.linkUp(ModelController.HTTP);
        if (cut || !waited || time.nanos() - request.deadline >= 0) {
            story.tell("http", "nobody waits for the answer to", request.send.command());
            return;
        }
        try {
            HttpAnswer answer = codec.readHttp(bytes);
            TunnelEvent.OfBase event = answer.decode(id, request.send.command());
            controller.hear(ModelController.HTTP, event, request.sent);
        } catch (MalformedMessageException e) {
            throw new IllegalStateException(e);
        }
    }

    private long delay() {
        return chance.of(faults.now(faults.lateMessages))
                ? chance.between(100, 4_000)
                : chance.between(1, 30);
    }

    private record Request(
            Effect.Send send,
            String to,
            List<Sent> sent,
            Consumer<Outcome> taken,
            long deadline,
            int process) {

        private void notSent(String why) {
            taken.accept(new Outcome.NotSent(why));
        }
    }
}
