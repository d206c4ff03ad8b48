package io.koupleless.controller.app.scenario;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.testkit.base.BaseMetadata;
import io.koupleless.controller.testkit.base.BasePod;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.process.FreePorts;
import io.koupleless.controller.testkit.tunnel.ArkletRuntime;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Bases at the wire on both tunnels of one controller, with real API server and broker, each of
 * which can begin another process at will: started by the first scenario of this JVM that wants it,
 * ended with the JVM.
 */
final class WireStage {
    private static final class Holder {
        static final WireStage STAGE = new WireStage();
    }

    static WireStage get() {
        return Holder.STAGE;
    }

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
    private static final String REAL_POD = "real-base";

    private final Premises premises = Premises.open("scenarios-wire");
    private final EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults());
    private final HttpFakeBases overHttp = HttpFakeBases.open();
    private final FakeBase older =
            overHttp.join(
                    FakeBase.of("older").runningFor(Duration.ofMinutes(1)),
                    ArkletRuntime.BEFORE_IDENTITIES);
    private final int port = FreePorts.next();
    private final URI endpoint = URI.create("http://127.0.0.1:" + port);
    private final ControllerProcess controller = startController();
    private final MqttFakeBases overMqtt = connectToBroker(Premises.ENV);
    private final ScheduledExecutorService hearts = Executors.newSingleThreadScheduledExecutor();

    private WireStage() {
        Runtime.getRuntime().addShutdownHook(new Thread(this::close, "end-of-wire"));
        var _ =
                hearts.scheduleAtFixedRate(
                        overMqtt::heartbeats, 0, HEARTBEATS.toMillis(), TimeUnit.MILLISECONDS);
    }

    private ControllerProcess startController() {
        String listed = overHttp.address(older).ip() + ":" + overHttp.address(older).port();
        return premises.startController(
                "mqtt,http",
                Optional.of(brokerAddress()),
                Map.of(
                        "MODULE_CONTROLLER_BASELINE_UNWANTED_GRACE",
                        "2s",
                        "HTTP_TUNNEL_LISTEN_PORT",
                        Integer.toString(port),
                        "MODULE_CONTROLLER_HTTP_ALLOW_LOOPBACK",
                        "true",
                        "MODULE_CONTROLLER_HTTP_BASES",
                        listed,
                        "MODULE_CONTROLLER_HTTP_PODS_SELECTOR",
                        "bases=at-the-wire",
                        "MODULE_CONTROLLER_HTTP_POLL_PERIOD",
                        "3s",
                        "MODULE_CONTROLLER_SILENCE_DELETE_AFTER",
                        "60s",
                        "MODULE_CONTROLLER_METASPACE_REFUSE_INSTALLS",
                        "true"));
    }

    BrokerAddress brokerAddress() {
        return new BrokerAddress(broker.host(), broker.port());
    }

    EmbeddedBroker broker() {
        return broker;
    }

    ControllerProcess controller() {
        return controller;
    }

    /** Where the controller takes heartbeats over HTTP. */
    URI endpoint() {
        return endpoint;
    }

    /** Another connection for bases over MQTT, which beat only when told to. */
    MqttFakeBases connectToBroker(String env) {
        return MqttFakeBases.connect("tcp://" + broker.host() + ":" + broker.port(), env);
    }

    /** A controller of another environment on the same cluster, for bases over MQTT. */
    ControllerProcess anotherController(String env, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("ENV", env);
        all.put("CLIENT_ID", "scenarios-" + env);
        return premises.beside(env).startController("mqtt", Optional.of(brokerAddress()), all);
    }

    ClusterUser cluster() {
        return premises.cluster();
    }

    /** A base of 2.1.11 is heard for the first time, some while after its start. */
    FakeBase begin(Way way, String identity) {
        return begin(way, FakeBase.of(identity));
    }

    /** The same for one that has something of its own to say. */
    FakeBase begin(Way way, FakeBase base) {
        base.runningFor(Duration.ofMinutes(1));
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

    /**
     * A base that says nothing by itself, and is found by its Pod.
     *
     * @param machine the Node that the Pod is bound to
     */
    FakeBase beginAsPod(String identity, String machine, String pool) {
        FakeBase base = overHttp.join(FakeBase.of(identity).runningFor(Duration.ofMinutes(1)));
        createPod(identity, overHttp.address(base), pool, machine);
        cluster().awaitNode(nodeName(base), Conditions::ready);
        return base;
    }

    private void createPod(String name, BaseAddress address, String pool, String machine) {
        cluster()
                .create(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: %s
                          namespace: default
                          annotations:
                            module-controller.koupleless.io/arklet-port: "%d"
                          labels:
                            bases: at-the-wire
                            base.koupleless.io/name: base-in-pod
                            custom.koupleless.io/pool: %s
                        spec:
                          nodeName: %s
                          containers:
                            - name: base
                              image: base
                        """
                                .formatted(name, address.port(), pool, machine));
        cluster()
                .patch(
                        ApiPath.pod("default", name).status(),
                        PatchType.MERGE,
                        """
                        {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}]}}
                        """
                                .formatted(address.ip()));
    }

    /**
     * A real base that beats over MQTT. It calls itself by its IP, as runtimes do by default, which
     * is its name over HTTP as well.
     */
    SampleBase startReal() {
        return SampleBase.start(
                SampleBaseOptions.of(BasePod.IP, brokerAddress(), premises.directory())
                        .metadata(
                                BaseMetadata.of(BasePod.IP)
                                        .inEnv(Premises.ENV)
                                        .named("two-ways", "1.0.0")));
    }

    /** From now on it is found by its Pod as well. */
    void introduceByPod(SampleBase base, int port) {
        createPod(REAL_POD, new BaseAddress(BasePod.IP, port), "both-ways", "machine-of-real");
    }

    /** It has ended, and its Pod is gone. */
    void dismiss(SampleBase base) {
        base.kill();
        base.close();
        cluster().delete(ApiPath.pod("default", REAL_POD), Stage.BY_FORCE);
        cluster().awaitGone(ApiPath.node(nodeName(base)), Duration.ofSeconds(120));
    }

    String nodeName(SampleBase base) {
        return "vnode." + base.identity() + "." + Premises.ENV;
    }

    /** The process of a base has ended; it can say goodbye to nobody. */
    void end(Way way, FakeBase base) {
        switch (way) {
            case MQTT -> overMqtt.leave(base);
            case HTTP -> overHttp.leave(base);
        }
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

    private void close() {
        hearts.shutdownNow();
        overMqtt.close();
        overHttp.close();
        controller.close();
        premises.close();
        broker.close();
    }
}
