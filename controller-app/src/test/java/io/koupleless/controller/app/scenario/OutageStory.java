package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** Controller and bases go away and come back; modules stay. */
abstract class OutageStory {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final Stage stage;

    OutageStory(Stage stage) {
        this.stage = stage;
    }

    @Test
    void aKilledControllerRepeatsNothingAndNobodyNotices() throws Exception {
        SampleBase base = stage.base(1);
        String node = stage.nodeName(base);
        apply("steady", base, "biz2", "1.0.0");
        JsonNode before = stage.cluster().awaitPod("default", "steady", Conditions::ready);
        JsonNode nodeBefore = stage.cluster().get(ApiPath.node(node));
        stage.awaitSettled(base);
        try (CommandTap tap = stage.tap()) {
            Path mayStart = stage.directory().resolve("slow-kill-may-start");
            stage.cluster().apply(ModulePods.with(mayStart.toString(), slow("slow-kill", base)));
            await().atMost(SOON).until(() -> tap.count(base, "installBiz", "slow") == 1);

            stage.controller().kill();
            stage.conceal(base); // but for the Node that the controller made
            stage.controller().restart();
            stage.controller().awaitReady(SOON);
            Files.createFile(mayStart);
            JsonNode slow = stage.cluster().awaitPod("default", "slow-kill", Conditions::ready);

            assertThat(tap.count(base, "installBiz", "slow")).isEqualTo(1);
            assertThat(tap.count(base, "installBiz", "biz2")).isZero();
            assertThat(Conditions.restarts(slow)).isZero();
        }
        JsonNode after = stage.cluster().get(ApiPath.pod("default", "steady"));
        JsonNode nodeAfter = stage.cluster().get(ApiPath.node(node));
        assertThat(Conditions.transitionOf(after, "Ready"))
                .isEqualTo(Conditions.transitionOf(before, "Ready"));
        assertThat(Conditions.uid(nodeAfter)).isEqualTo(Conditions.uid(nodeBefore));
        assertThat(Conditions.transitionOf(nodeAfter, "Ready"))
                .isEqualTo(Conditions.transitionOf(nodeBefore, "Ready"));
        deleteAndAwaitGone("steady");
        deleteAndAwaitGone("slow-kill");
        stage.reveal(base);
    }

    @Test
    void aPodDeletedByForceWhileNobodyWatchedLeavesNoModuleBehind() throws Exception {
        SampleBase base = stage.base(1);
        apply("unseen", base, "biz2", "1.0.0");
        stage.cluster().awaitPod("default", "unseen", Conditions::ready);
        apply("watched", base, "biz1", "1.0.0");
        stage.cluster().awaitPod("default", "watched", Conditions::ready);
        stage.awaitSettled(base);
        try (CommandTap tap = stage.tap()) {
            stage.controller().kill();
            stage.cluster().delete(ApiPath.pod("default", "unseen"), Stage.BY_FORCE);
            assertThat(stage.cluster().find(ApiPath.pod("default", "unseen"))).isEmpty();
            assertThat(base.modules()).contains("biz2:1.0.0");

            stage.controller().restart();

            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(base.modules()).containsExactly("biz1:1.0.0"));
            assertThat(tap.count(base, "uninstallBiz", "biz2")).isEqualTo(1);
            assertThat(tap.to(base)).hasSize(1);
        }
        deleteAndAwaitGone("watched");
    }

    @Test
    void aRestartedBaseGetsItsModulesBack() throws Exception {
        SampleBase base = baseThatRestarts();
        try {
            apply("comes-back", base, "biz1", "1.0.0");
            JsonNode before = stage.cluster().awaitPod("default", "comes-back", Conditions::ready);

            base.restart();

            await().atMost(SOON).until(() -> base.page("/biz1/").isPresent());
            JsonNode after =
                    stage.cluster()
                            .awaitPod(
                                    "default",
                                    "comes-back",
                                    p -> Conditions.ready(p) && Conditions.restarts(p) >= 1);
            assertThat(Conditions.uid(after)).isEqualTo(Conditions.uid(before));
            deleteAndAwaitGone("comes-back");
        } finally {
            endOfTheBaseThatRestarts(base);
        }
    }

    @Test
    void aBaseThatHangsIsNotReadyAndDelaysNobodyAndKeepsItsModulesWhenItReturns() {
        SampleBase base = stage.base(1);
        String node = stage.nodeName(base);
        try (CommandTap tap = stage.tap()) {
            apply("lonely", base, "biz2", "1.0.0");
            stage.cluster().awaitPod("default", "lonely", Conditions::ready);

            base.pause();
            apply("too-early", base, "biz1", "1.0.0");
            apply("elsewhere", stage.base(2), "biz1", "1.0.0");
            stage.cluster().awaitPod("default", "elsewhere", Conditions::ready);
            stage.cluster().await(ApiPath.node(node), SOON, Conditions::notReady);
            JsonNode pod = stage.cluster().awaitPod("default", "lonely", Conditions::notReady);
            assertThat(Conditions.condition(pod, "Ready").orElseThrow().at("/reason").asString())
                    .isEqualTo("NodeNotReady");

            base.resume();
            stage.cluster().await(ApiPath.node(node), SOON, Conditions::ready);
            stage.cluster().awaitPod("default", "lonely", Conditions::ready);
            stage.cluster().awaitPod("default", "too-early", Conditions::ready);
            assertThat(tap.count(base, "installBiz", "biz2")).isEqualTo(1);
            deleteAndAwaitGone("lonely");
            deleteAndAwaitGone("too-early");
            deleteAndAwaitGone("elsewhere");
        } finally {
            base.resume();
        }
    }

    /** One that nobody needs while it is away. */
    SampleBase baseThatRestarts() {
        return stage.base(2);
    }

    void endOfTheBaseThatRestarts(SampleBase base) {
        // it goes on
    }

    private String slow(String pod, SampleBase base) {
        return ModulePods.bound(
                pod, stage.nodeName(base), "slow", "1.0.0", stage.moduleUrl("slow", "1.0.0"));
    }

    final void apply(String pod, SampleBase base, String module, String version) {
        stage.cluster()
                .apply(
                        ModulePods.bound(
                                pod,
                                stage.nodeName(base),
                                module,
                                version,
                                stage.moduleUrl(module, version)));
    }

    final void deleteAndAwaitGone(String pod) {
        stage.cluster().delete(ApiPath.pod("default", pod));
        stage.cluster().awaitGone(ApiPath.pod("default", pod), SOON);
    }
}
