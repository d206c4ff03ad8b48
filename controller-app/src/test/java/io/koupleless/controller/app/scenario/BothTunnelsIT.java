package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import io.koupleless.controller.testkit.tunnel.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/**
 * Bases that are heard over MQTT and over HTTP, one of them a real one: MQTT is preferred, HTTP
 * takes over.
 */
@ResourceLock(Lane.WIRE)
class BothTunnelsIT {
    private static final String NODE = "vnode.two-ways.test";
    private static final String OVER_MQTT = "mqtt_tunnel_provider";
    private static final String OVER_HTTP = "http_tunnel_provider";
    private static final Duration BEAT = Duration.ofSeconds(2);
    private static final Duration SOON = Duration.ofSeconds(120);

    private final WireStage stage = WireStage.get();

    @Test
    void anOutageOfTheBrokerMovesBasesToHttpAndBackAndNobodyNotices() {
        FakeBase base = FakeBase.of("two-ways");
        SampleBase real = stage.startReal();
        String itsNode = stage.nodeName(real);
        try (ArkletTap itsCommands = ArkletTap.before(real.arkletPort());
                MqttFakeBases overMqtt = stage.connectToBroker(Premises.ENV);
                HttpFakeBases overHttp = HttpFakeBases.open();
                ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor()) {
            overMqtt.join(base);
            overHttp.join(base);
            overHttp.heartbeats(base, stage.endpoint(), BEAT);
            JsonNode before = awaitTunnel(NODE, OVER_HTTP);
            WireMessage heart = heart(overHttp.address(base).ip());
            beats.scheduleAtFixedRate(
                    () -> {
                        if (overMqtt.isSubscribed()) {
                            overMqtt.say(base, heart);
                        }
                    },
                    0,
                    BEAT.toMillis(),
                    TimeUnit.MILLISECONDS);
            awaitTunnel(NODE, OVER_MQTT);
            JsonNode first = awaitReady("before-the-outage");
            real.awaitUp(SOON);
            stage.introduceByPod(real, itsCommands.port());
            JsonNode itsBefore = awaitTunnel(itsNode, OVER_MQTT);
            JsonNode itsFirst = awaitReady("over-mqtt", itsNode, "biz2");
            await("it is asked over HTTP too")
                    .atMost(SOON)
                    .until(() -> !itsCommands.requests().isEmpty());

            stage.broker().stop();
            awaitTunnel(NODE, OVER_HTTP);
            JsonNode second = awaitReady("in-the-outage");
            awaitTunnel(itsNode, OVER_HTTP);
            JsonNode itsSecond = awaitReady("over-http", itsNode, "biz1");
            assertThat(stage.controller().ready()).isTrue();

            stage.broker().start();
            await().atMost(SOON).until(overMqtt::isSubscribed);
            JsonNode after = awaitTunnel(NODE, OVER_MQTT);
            JsonNode itsAfter = awaitTunnel(itsNode, OVER_MQTT);
            try (CommandTap tap = BrokerTap.connect(stage.brokerAddress(), Premises.ENV)) {
                awaitReady("after-the-outage");
                assertThat(tap.all())
                        .filteredOn(sent -> sent.base().equals("two-ways"))
                        .singleElement()
                        .matches(sent -> sent.isAbout("after-the-outage"));
                assertThat(tap.to(real)).isEmpty();
            }

            unmoved(before, after);
            assertThat(readySince(pod("before-the-outage"))).isEqualTo(readySince(first));
            assertThat(readySince(pod("in-the-outage"))).isEqualTo(readySince(second));
            assertThat(base.commands().stream().filter("installBiz"::equals)).hasSize(3);
            assertThat(base.commands()).doesNotContain("uninstallBiz");
            assertThat(cluster().list(ApiPath.nodes()))
                    .filteredOn(node -> node.at("/metadata/name").asString().contains("two-ways"))
                    .hasSize(1);

            unmoved(itsBefore, itsAfter);
            assertThat(readySince(pod("over-mqtt"))).isEqualTo(readySince(itsFirst));
            assertThat(readySince(pod("over-http"))).isEqualTo(readySince(itsSecond));
            assertThat(real.modules()).containsExactlyInAnyOrder("biz1:1.0.0", "biz2:1.0.0");
            assertThat(itsCommands.requests())
                    .filteredOn(request -> request.command().endsWith("installBiz"))
                    .singleElement()
                    .matches(request -> request.body().contains("\"bizName\":\"biz1\""));
        } finally {
            stage.dismiss(real);
        }
    }

    /** The same Node, Ready all the time, and nobody takes it for two bases. */
    private static void unmoved(JsonNode before, JsonNode after) {
        assertThat(Conditions.ready(after)).isTrue();
        assertThat(Conditions.is(after, "IdentityConflict", "False")).isTrue();
        assertThat(Conditions.uid(after)).isEqualTo(Conditions.uid(before));
        assertThat(readySince(after)).isEqualTo(readySince(before));
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

    private JsonNode awaitTunnel(String name, String tunnel) {
        return cluster()
                .await(
                        ApiPath.node(name),
                        SOON,
                        node -> {
                            JsonNode labels = node.at("/metadata/labels");
                            String now = labels.path("vnode.koupleless.io/tunnel").asString("");
                            return now.equals(tunnel) && Conditions.ready(node);
                        });
    }

    /** A Pod of a module of the same name. */
    private JsonNode awaitReady(String name) {
        cluster().apply(ModulePods.bound(name, NODE, name, "1.0.0", "http://192.0.2.80/a.jar"));
        return cluster().awaitPod("default", name, Conditions::ready);
    }

    /** A Pod of one of the samples' modules on a real base. */
    private JsonNode awaitReady(String pod, String node, String module) {
        String url = Samples.find().modules().url(module, "1.0.0");
        cluster().apply(ModulePods.bound(pod, node, module, "1.0.0", url));
        return cluster().awaitPod("default", pod, Conditions::ready);
    }

    private JsonNode pod(String name) {
        return cluster().get(ApiPath.pod("default", name));
    }

    private static String readySince(JsonNode object) {
        return Conditions.transitionOf(object, "Ready");
    }

    private ClusterUser cluster() {
        return stage.cluster();
    }
}
