package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * A module that does not start says why on its Pod, and harms nobody; a base that cannot be
 * commanded says so on its Node.
 */
class FailureIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final String HUNG_TAINT = "module-controller.koupleless.io/base-not-answering";

    private static final ExecutorService BESIDE = Executors.newSingleThreadExecutor();
    private static Future<?> twoBasesOneIdentity = CompletableFuture.completedFuture(null);

    private final Stage stage = Stage.get();

    @BeforeAll
    static void beginWhatTakesAMinute() {
        TwoBasesOneIdentity story = new TwoBasesOneIdentity(Stage.get());
        twoBasesOneIdentity =
                BESIDE.submit(() -> {
                    story.tell();
                    return null;
                });
    }

    @AfterAll
    static void end() {
        BESIDE.shutdownNow();
    }

    /** Comes after the stories of the class itself, beside which it was told. */
    @Nested
    class Beside {
        @Test
        void twoLiveBasesWithOneIdentityGetNoCommandUntilOneIsLeft() throws Exception {
            twoBasesOneIdentity.get(3, TimeUnit.MINUTES);
        }
    }

    @Test
    void aModuleThatFailsToStartShowsItsRootCauseAndIsTriedAgain() {
        SampleBase base = stage.base(1);
        apply("failing", base, "failing", "1.0.0");

        JsonNode failed =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "failing",
                                p ->
                                        Conditions.waitingReason(p)
                                                .equals("User.InstallBizUserError"));

        assertThat(Conditions.waitingMessage(failed))
                .contains("back-off")
                .contains("IllegalStateException: database url is missing");
        assertThat(failed.at("/status/phase").asString()).isEqualTo("Running");
        assertThat(Conditions.notReady(failed)).isTrue();
        JsonNode again =
                stage.cluster().awaitPod("default", "failing", p -> Conditions.restarts(p) >= 1);
        assertThat(again.at("/status/containerStatuses/0/lastState/terminated/message").asString())
                .contains("database url is missing");
        await().atMost(SOON).untilAsserted(() -> assertThat(warnings("failing")).isNotEmpty());
        assertThat(warnings("failing").getFirst().at("/reason").asString())
                .isEqualTo("User.InstallBizUserError");

        deleteAndAwaitGone("failing");
    }

    @Test
    void aSlowModuleHoldsUpNobodyOnItsBase() {
        SampleBase base = stage.base(2);
        apply("slow", base, "slow", "1.0.0");
        apply("quick", base, "biz2", "1.0.0");

        JsonNode quick = stage.cluster().awaitPod("default", "quick", Conditions::ready);
        JsonNode slowThen = stage.cluster().get(ApiPath.pod("default", "slow"));
        JsonNode slow = stage.cluster().awaitPod("default", "slow", Conditions::ready);

        assertThat(Conditions.ready(slowThen)).as("slow is still starting").isFalse();
        assertThat(instant(Conditions.transitionOf(quick, "Ready")))
                .isBefore(instant(Conditions.transitionOf(slow, "Ready")));
        assertThat(Conditions.restarts(slow)).isZero();
        deleteAndAwaitGone("slow");
        deleteAndAwaitGone("quick");
    }

    @Test
    void aLeakingModuleIsHeldBackBeforeItFillsTheBase() {
        SampleBase base = stage.anotherBase("base-leaky", "-XX:MaxMetaspaceSize=256m");
        try {
            apply("leaking", base, "leaking", "1.0.0");

            JsonNode pod =
                    stage.cluster()
                            .await(
                                    ApiPath.pod("default", "leaking"),
                                    Duration.ofSeconds(60),
                                    p -> Conditions.waitingReason(p).equals("User.MetaspaceFull"));

            assertThat(Conditions.waitingMessage(pod)).contains("cache could not be warmed up");
            JsonNode node =
                    stage.cluster()
                            .awaitNode(
                                    Stage.nodeName(base),
                                    n -> Conditions.is(n, "MetaspacePressure", "True"));
            assertThat(Conditions.ready(node)).isTrue();
            deleteAndAwaitGone("leaking");
        } finally {
            base.close();
        }
    }

    @Test
    void aPodWithoutAVersionSendsNothingAndSaysWhichContainer() {
        String node = Stage.nodeName(stage.base(1));
        stage.cluster()
                .apply(
                        ModulePods.withoutVersion(
                                "nameless", node, "biz2", stage.moduleUrl("biz2", "1.0.0")));

        JsonNode pod =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "nameless",
                                p ->
                                        Conditions.waitingReason(p)
                                                .equals("ModuleController.InvalidParameter"));

        assertThat(Conditions.waitingMessage(pod)).contains("biz2").contains("BIZ_VERSION");
        deleteAndAwaitGone("nameless");
    }

    @Test
    void aBadUrlSendsNothing() {
        String node = Stage.nodeName(stage.base(1));
        stage.cluster().apply(ModulePods.bound("badurl", node, "biz2", "9.9.9", "biz2.jar"));

        JsonNode pod =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "badurl",
                                p ->
                                        Conditions.waitingReason(p)
                                                .equals("OtherUpstream.DecodeURLFailed"));

        assertThat(Conditions.waitingMessage(pod)).isNotEmpty();
        deleteAndAwaitGone("badurl");
    }

    @Test
    void aMissingJarIsAPullError() {
        String node = Stage.nodeName(stage.base(1));
        stage.cluster()
                .apply(ModulePods.bound("nojar", node, "biz9", "1.0.0", "file:///nope/biz9.jar"));

        JsonNode pod =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "nojar",
                                p -> Conditions.waitingReason(p).equals("Arklet.PullBizError"));

        assertThat(Conditions.waitingMessage(pod)).contains("/nope/biz9.jar");
        deleteAndAwaitGone("nojar");
    }

    @Test
    void aHungBaseStaysReadyButGetsNoNewModuleUntilItAnswersAgain() throws Exception {
        FakeBase base = FakeBase.of("hung");
        String node = "vnode.hung.test";
        try (CommandTap tap = new CommandTap(stage.brokerAddress(), Stage.ENV);
                MqttFakeBases bases = stage.fakeBases();
                ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor()) {
            bases.join(base);
            beats.scheduleAtFixedRate(bases::heartbeats, 0, 2, TimeUnit.SECONDS);
            JsonNode before = stage.cluster().awaitNode(node, Conditions::ready);

            base.answering(false);
            JsonNode hung =
                    stage.cluster()
                            .awaitNode(node, n -> Conditions.is(n, "BaseNotAnswering", "True"));

            assertThat(Conditions.ready(hung)).isTrue();
            stage.cluster().awaitNode(node, n -> Conditions.repels(n, HUNG_TAINT));
            stage.cluster()
                    .apply(
                            ModulePods.bound(
                                    "on-hung",
                                    node,
                                    "patient",
                                    "1.0.0",
                                    "http://192.0.2.80/a.jar"));
            stage.cluster()
                    .awaitPod("default", "on-hung", p -> !Conditions.waitingReason(p).isEmpty());
            assertThat(tap.count("hung", "installBiz", "patient")).isZero();

            base.answering(true);

            stage.cluster().awaitPod("default", "on-hung", Conditions::ready);
            assertThat(tap.count("hung", "installBiz", "patient")).isEqualTo(1);
            JsonNode after =
                    stage.cluster()
                            .awaitNode(
                                    node,
                                    n ->
                                            Conditions.is(n, "BaseNotAnswering", "False")
                                                    && !Conditions.repels(n, HUNG_TAINT));
            assertThat(Conditions.transitionOf(after, "Ready"))
                    .isEqualTo(Conditions.transitionOf(before, "Ready"));
            stage.cluster().delete(ApiPath.pod("default", "on-hung"));
            stage.cluster().awaitGone(ApiPath.pod("default", "on-hung"), SOON);
        }
    }

    private void apply(String pod, SampleBase base, String module, String version) {
        stage.cluster()
                .apply(
                        ModulePods.bound(
                                pod,
                                Stage.nodeName(base),
                                module,
                                version,
                                stage.moduleUrl(module, version)));
    }

    private List<JsonNode> warnings(String pod) {
        return stage.cluster().list(ApiPath.events("default")).stream()
                .filter(e -> e.at("/type").asString("").equals("Warning"))
                .filter(e -> e.at("/involvedObject/name").asString("").equals(pod))
                .toList();
    }

    private void deleteAndAwaitGone(String pod) {
        stage.cluster().delete(ApiPath.pod("default", pod));
        stage.cluster().awaitGone(ApiPath.pod("default", pod), SOON);
    }

    private static Instant instant(String text) {
        return Instant.parse(text);
    }
}
