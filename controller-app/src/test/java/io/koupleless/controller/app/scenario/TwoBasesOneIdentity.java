package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import io.koupleless.controller.testkit.tunnel.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import tools.jackson.databind.JsonNode;

/** Two live processes use one identity: nobody is commanded until one is left. */
final class TwoBasesOneIdentity {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String NODE = "vnode.twin.test";
    private static final String CONFLICT = "IdentityConflict";
    private static final String TAINT = "module-controller.koupleless.io/identity-conflict";

    private final MqttStage stage;

    TwoBasesOneIdentity(MqttStage stage) {
        this.stage = stage;
    }

    void tell() throws Exception {
        FakeBase one = FakeBase.of("twin");
        FakeBase other = FakeBase.of("twin").answering(false);
        try (CommandTap tap = stage.tap();
                MqttFakeBases here = stage.fakeBases();
                MqttFakeBases there = stage.fakeBases()) {
            here.join(one);
            here.say(one, heart("192.0.2.1"));
            JsonNode before = stage.cluster().awaitNode(NODE, Conditions::ready);
            stage.cluster().apply(pod("twin-first", "first"));
            stage.cluster().awaitPod("default", "twin-first", Conditions::ready);

            there.join(other);
            there.say(other, heart("192.0.2.2"));
            stage.cluster().awaitNode(NODE, n -> Conditions.ip(n).equals("192.0.2.2"));
            here.say(one, heart("192.0.2.1"));
            JsonNode conflict =
                    stage.cluster().awaitNode(NODE, n -> Conditions.is(n, CONFLICT, "True"));
            other.answering(true);

            assertThat(Conditions.transitionOf(conflict, "Ready"))
                    .isEqualTo(Conditions.transitionOf(before, "Ready"));
            assertThat(Conditions.ready(conflict)).isTrue();
            stage.cluster().awaitNode(NODE, n -> Conditions.repels(n, TAINT));
            await().atMost(SOON).until(() -> warned(NODE, CONFLICT));
            stage.cluster().apply(pod("twin-second", "second"));
            stage.cluster().delete(ApiPath.pod("default", "twin-first"));
            long lists = lists(one);
            await("several lists that show what is missing")
                    .atMost(SOON)
                    .until(() -> lists(one) >= lists + 2);
            assertThat(tap.count("twin", "installBiz", "second")).isZero();
            assertThat(tap.count("twin", "uninstallBiz", "first")).isZero();
            assertThat(stage.cluster().find(ApiPath.pod("default", "twin-first"))).isPresent();

            there.leave(other);

            JsonNode over =
                    stage.cluster()
                            .await(
                                    ApiPath.node(NODE),
                                    SOON,
                                    n -> Conditions.is(n, CONFLICT, "False"));
            stage.cluster().awaitNode(NODE, n -> !Conditions.repels(n, TAINT));
            JsonNode second = stage.cluster().awaitPod("default", "twin-second", Conditions::ready);
            stage.cluster().awaitGone(ApiPath.pod("default", "twin-first"), SOON);
            assertThat(Instant.parse(Conditions.transitionOf(second, "Ready")).plusSeconds(1))
                    .isAfterOrEqualTo(Conditions.transitionOf(over, CONFLICT));
            assertThat(Conditions.transitionOf(over, "Ready"))
                    .isEqualTo(Conditions.transitionOf(before, "Ready"));
            assertThat(one.modules()).extracting(m -> m.ref().name()).containsExactly("second");
            assertThat(tap.count("twin", "installBiz", "first")).isEqualTo(1);
            stage.cluster().delete(ApiPath.pod("default", "twin-second"));
            stage.cluster().awaitGone(ApiPath.pod("default", "twin-second"), SOON);
        }
    }

    private static String pod(String name, String module) {
        return ModulePods.bound(name, NODE, module, "1.0.0", "http://192.0.2.80/a.jar");
    }

    private static WireMessage heart(String ip) {
        String json =
                """
                {"publishTimestamp":%d,"data":{"baseMetadata":{"identity":"twin","name":"twin",
                "version":"1.0.0","clusterName":"default"},"localIP":"%s",
                "localHostName":"host-%s","port":0,"state":"activated"}}
                """
                        .formatted(System.currentTimeMillis(), ip, ip.replace('.', '-'));
        return new WireMessage("heart", json.getBytes(StandardCharsets.UTF_8));
    }

    private static long lists(FakeBase base) {
        return base.commands().stream().filter("queryAllBiz"::equals).count();
    }

    private boolean warned(String node, String reason) {
        List<JsonNode> events = stage.cluster().list(ApiPath.events("default"));
        return events.stream()
                .filter(e -> e.at("/type").asString("").equals("Warning"))
                .filter(e -> e.at("/reason").asString("").equals(reason))
                .anyMatch(e -> e.at("/involvedObject/name").asString("").equals(node));
    }
}
