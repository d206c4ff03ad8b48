package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.time.Duration;
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
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/**
 * Over MQTT: {@link FailureStory}; and a base that cannot be commanded says so on its Node, and one
 * without room holds back a module that fails.
 */
@ResourceLock(Lane.OUTAGES)
class FailureIT extends FailureStory {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String HUNG_TAINT = "module-controller.koupleless.io/base-not-answering";

    private static final ExecutorService BESIDE = Executors.newSingleThreadExecutor();
    private static Future<?> twoBasesOneIdentity = CompletableFuture.completedFuture(null);

    private final MqttStage stage = MqttStage.ofOutages();

    FailureIT() {
        super(MqttStage.ofOutages());
    }

    @BeforeAll
    static void beginWhatTakesAMinute() {
        TwoBasesOneIdentity story = new TwoBasesOneIdentity(MqttStage.ofOutages());
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
            twoBasesOneIdentity.get(5, TimeUnit.MINUTES);
        }
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
                                    Duration.ofMinutes(4),
                                    p -> Conditions.waitingReason(p).equals("User.MetaspaceFull"));

            assertThat(Conditions.waitingMessage(pod)).contains("cache could not be warmed up");
            JsonNode node =
                    stage.cluster()
                            .awaitNode(
                                    stage.nodeName(base),
                                    n -> Conditions.is(n, "MetaspacePressure", "True"));
            assertThat(Conditions.ready(node)).isTrue();
            deleteAndAwaitGone("leaking");
        } finally {
            stage.dismiss(base);
        }
    }

    @Test
    void aHungBaseStaysReadyButGetsNoNewModuleUntilItAnswersAgain() throws Exception {
        FakeBase base = FakeBase.of("hung");
        String node = "vnode.hung.test";
        try (CommandTap tap = stage.tap();
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
}
