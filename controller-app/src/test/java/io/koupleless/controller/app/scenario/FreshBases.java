package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.process.FreePorts;
import io.koupleless.controller.testkit.tunnel.ArkletRuntime;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bases at the wire on both tunnels of one controller, with real API server and broker; each can
 * begin another process at will.
 */
final class FreshBases implements AutoCloseable {

    /** How a base is reached. */
    enum Way {
        MQTT("base/baseline"),
        HTTP("batchInstallBiz");

        private final String batch;

        Way(String batch) {
            this.batch = batch;
        }

        /** The command that carries a batch. */
        String batch() {
            return batch;
        }
    }

    private static final Duration HEARTBEATS = Duration.ofSeconds(3);

    private final Premises premises = Premises.open("scenarios-fresh");
    private final EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults());
    private final HttpFakeBases overHttp = HttpFakeBases.open();
    private final FakeBase older =
            overHttp.join(
                    FakeBase.of("older").runningFor(Duration.ofMinutes(1)),
                    ArkletRuntime.BEFORE_IDENTITIES);
    private final int port = FreePorts.next();
    private final URI endpoint = URI.create("http://127.0.0.1:" + port);
    private final ControllerProcess controller = startController();
    private final MqttFakeBases overMqtt =
            MqttFakeBases.connect("tcp://" + broker.host() + ":" + broker.port(), Premises.ENV);
    private final ScheduledExecutorService hearts = Executors.newSingleThreadScheduledExecutor();

    FreshBases() {
        var _ =
                hearts.scheduleAtFixedRate(
                        overMqtt::heartbeats, 0, HEARTBEATS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ControllerProcess startController() {
        String listed = overHttp.address(older).ip() + ":" + overHttp.address(older).port();
        return premises.startController(
                "mqtt,http",
                Optional.of(new BrokerAddress(broker.host(), broker.port())),
                Map.of(
                        "HTTP_TUNNEL_LISTEN_PORT",
                        Integer.toString(port),
                        "MODULE_CONTROLLER_HTTP_ALLOW_LOOPBACK",
                        "true",
                        "MODULE_CONTROLLER_HTTP_BASES",
                        listed));
    }

    ClusterUser cluster() {
        return premises.cluster();
    }

    /** A base of 2.1.11 is heard for the first time, some while after its start. */
    FakeBase begin(Way way, String identity) {
        FakeBase base = FakeBase.of(identity).runningFor(Duration.ofMinutes(1));
        switch (way) {
            case MQTT -> overMqtt.join(base);
            case HTTP -> {
                overHttp.join(base);
                overHttp.heartbeats(base, endpoint, HEARTBEATS);
            }
        }
        introduce(way, base);
        cluster().awaitNode(nodeName(base), Conditions::ready);
        return base;
    }

    /** The same base in another process, which has no module. */
    void restart(Way way, FakeBase base) {
        base.restart();
        introduce(way, base);
    }

    /** What a process says first; only over MQTT it asks for its baseline. */
    private void introduce(Way way, FakeBase base) {
        switch (way) {
            case MQTT -> {
                overMqtt.say(base, base.baselineQuestion());
                overMqtt.heartbeat(base);
            }
            case HTTP -> overHttp.heartbeat(base, endpoint);
        }
    }

    /** A base of 2.1.6, which says nothing by itself: its address is written down. */
    FakeBase older() {
        cluster().awaitNode(nodeName(older), Conditions::ready);
        return older;
    }

    /** An older base has no name but its IP. */
    String nodeName(FakeBase base) {
        String identity = base == older ? overHttp.address(base).ip() : base.id().value();
        return "vnode." + identity + "." + Premises.ENV;
    }

    @Override
    public void close() {
        hearts.shutdownNow();
        overMqtt.close();
        overHttp.close();
        controller.close();
        premises.close();
        broker.close();
    }
}
