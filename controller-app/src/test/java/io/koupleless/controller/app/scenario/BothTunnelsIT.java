package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.process.FreePorts;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import io.koupleless.controller.testkit.tunnel.WireMessage;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A base that is heard over MQTT and over HTTP: MQTT is preferred, HTTP takes over. */
class BothTunnelsIT {
    private static final String NODE = "vnode.two-ways.test";
    private static final String OVER_MQTT = "mqtt_tunnel_provider";
    private static final String OVER_HTTP = "http_tunnel_provider";
    private static final Duration SECONDS = Duration.ofSeconds(10);
    private static final Duration BEAT = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(40);

    private static final int HEARTBEATS = FreePorts.next();
    private static Premises premises;
    private static EmbeddedBroker broker;
    private static ControllerProcess controller;

    @BeforeAll
    static void startBoth() {
        premises = Premises.open("both-tunnels");
        broker = EmbeddedBroker.start(BrokerOptions.defaults());
        controller =
                premises.startController(
                        "mqtt,http",
                        Optional.of(address()),
                        Map.of(
                                "HTTP_TUNNEL_LISTEN_PORT",
                                Integer.toString(HEARTBEATS),
                                "MODULE_CONTROLLER_HTTP_ALLOW_LOOPBACK",
                                "true"));
    }

    @AfterAll
    static void end() {
        if (controller != null) {
            controller.close();
        }
        if (broker != null) {
            broker.close();
        }
        if (premises != null) {
            premises.close();
        }
    }

    @Test
    void anOutageOfTheBrokerMovesABaseToHttpAndBackAndNobodyNotices() {
        FakeBase base = FakeBase.of("two-ways");
        try (MqttFakeBases overMqtt = MqttFakeBases.connect(brokerUri(), Premises.ENV);
                HttpFakeBases overHttp = HttpFakeBases.open();
                ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor()) {
            overMqtt.join(base);
            overHttp.join(base);
            overHttp.heartbeats(base, URI.create("http://127.0.0.1:" + HEARTBEATS), BEAT);
            JsonNode before = awaitTunnel(OVER_HTTP, SOON);
            WireMessage heart = heart(overHttp.address(base).ip());
            beats.scheduleAtFixedRate(
                    () -> overMqtt.say(base, heart), 0, BEAT.toMillis(), TimeUnit.MILLISECONDS);
            awaitTunnel(OVER_MQTT, SECONDS);
            JsonNode first = awaitReady("before-the-outage");

            broker.stop();
            awaitTunnel(OVER_HTTP, SECONDS);
            JsonNode second = awaitReady("in-the-outage");
            assertThat(controller.ready()).isTrue();

            broker.start();
            await().atMost(SOON).until(overMqtt::isSubscribed);
            JsonNode after = awaitTunnel(OVER_MQTT, SOON);
            try (CommandTap tap = BrokerTap.connect(address(), Premises.ENV)) {
                awaitReady("after-the-outage");
                assertThat(tap.all())
                        .singleElement()
                        .matches(sent -> sent.isAbout("after-the-outage"));
            }

            assertThat(Conditions.ready(after)).isTrue();
            assertThat(Conditions.is(after, "IdentityConflict", "False")).isTrue();
            assertThat(Conditions.uid(after)).isEqualTo(Conditions.uid(before));
            assertThat(readySince(after)).isEqualTo(readySince(before));
            assertThat(readySince(pod("before-the-outage"))).isEqualTo(readySince(first));
            assertThat(readySince(pod("in-the-outage"))).isEqualTo(readySince(second));
            assertThat(base.commands().stream().filter("installBiz"::equals)).hasSize(3);
            assertThat(base.commands()).doesNotContain("uninstallBiz");
            assertThat(cluster().list(ApiPath.nodes())).hasSize(1);
        }
    }

    /** As over HTTP: arklet tells the same address wherever it beats. */
    private static WireMessage heart(String ip) {
        String json =
                """
                {"publishTimestamp":%d,"data":{"baseMetadata":{"identity":"two-ways",
                "name":"two-ways","version":"1.0.0","clusterName":"default"},"localIP":"%s",
                "localHostName":"%s","port":0,"state":"activated"}}
                """
                        .formatted(System.currentTimeMillis(), ip, ip);
        return new WireMessage("heart", json.getBytes(StandardCharsets.UTF_8));
    }

    private static JsonNode awaitTunnel(String tunnel, Duration limit) {
        return cluster()
                .await(
                        ApiPath.node(NODE),
                        limit,
                        node -> {
                            JsonNode labels = node.at("/metadata/labels");
                            String now = labels.path("vnode.koupleless.io/tunnel").asString("");
                            return now.equals(tunnel) && Conditions.ready(node);
                        });
    }

    /** A Pod of a module of the same name. */
    private static JsonNode awaitReady(String name) {
        cluster().apply(ModulePods.bound(name, NODE, name, "1.0.0", "http://192.0.2.80/a.jar"));
        return cluster().awaitPod("default", name, Conditions::ready);
    }

    private static JsonNode pod(String name) {
        return cluster().get(ApiPath.pod("default", name));
    }

    private static String readySince(JsonNode object) {
        return Conditions.transitionOf(object, "Ready");
    }

    private static ClusterUser cluster() {
        return premises.cluster();
    }

    private static BrokerAddress address() {
        return new BrokerAddress(broker.host(), broker.port());
    }

    private static String brokerUri() {
        return "tcp://" + broker.host() + ":" + broker.port();
    }
}
