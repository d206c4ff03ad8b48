package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A module that does not start says why on its Pod, and harms nobody. */
abstract class FailureStory {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final Stage stage;

    FailureStory(Stage stage) {
        this.stage = stage;
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
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(warnings("failing"))
                                .extracting(event -> event.at("/reason").asString())
                                .contains("User.InstallBizUserError"));

        deleteAndAwaitGone("failing");
    }

    @Test
    void aSlowModuleHoldsUpNobodyOnItsBase() throws IOException {
        SampleBase base = stage.base(2);
        Path mayStart = stage.directory().resolve("slow-may-start");
        stage.cluster()
                .apply(
                        ModulePods.with(
                                mayStart.toString(),
                                ModulePods.bound(
                                        "slow",
                                        stage.nodeName(base),
                                        "slow",
                                        "1.0.0",
                                        stage.moduleUrl("slow", "1.0.0"))));
        apply("quick", base, "biz2", "1.0.0");

        JsonNode quick = stage.cluster().awaitPod("default", "quick", Conditions::ready);
        JsonNode slowThen = stage.cluster().get(ApiPath.pod("default", "slow"));
        Files.createFile(mayStart);
        JsonNode slow = stage.cluster().awaitPod("default", "slow", Conditions::ready);

        assertThat(Conditions.ready(slowThen)).as("slow is still starting").isFalse();
        assertThat(instant(Conditions.transitionOf(quick, "Ready")))
                .isBeforeOrEqualTo(instant(Conditions.transitionOf(slow, "Ready")));
        assertThat(Conditions.restarts(slow)).isZero();
        deleteAndAwaitGone("slow");
        deleteAndAwaitGone("quick");
    }

    @Test
    void aPodWithoutAVersionSendsNothingAndSaysWhichContainer() {
        String node = stage.nodeName(stage.base(1));
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
        String node = stage.nodeName(stage.base(1));
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
        String node = stage.nodeName(stage.base(1));
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

    private List<JsonNode> warnings(String pod) {
        return stage.cluster().list(ApiPath.events("default")).stream()
                .filter(e -> e.at("/type").asString("").equals("Warning"))
                .filter(e -> e.at("/involvedObject/name").asString("").equals(pod))
                .toList();
    }

    final void deleteAndAwaitGone(String pod) {
        stage.cluster().delete(ApiPath.pod("default", pod));
        stage.cluster().awaitGone(ApiPath.pod("default", pod), SOON);
    }

    private static Instant instant(String text) {
        return Instant.parse(text);
    }
}
