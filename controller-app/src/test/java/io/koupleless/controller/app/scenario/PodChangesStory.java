package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** People change or remove living Pods in ways that no controller of Kubernetes would. */
abstract class PodChangesStory {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final Stage stage;

    PodChangesStory(Stage stage) {
        this.stage = stage;
    }

    @Test
    void anotherImageOfARunningPodIsAnotherJarOfTheSameModule() throws Exception {
        SampleBase base = stage.base(1);
        String url = stage.moduleUrl("biz1", "1.0.0");
        String fixed = FixedJar.withPage(url, "build.txt", "second build", stage.directory());
        stage.cluster().apply(pod("reloaded", base, "biz1"));
        JsonNode before = stage.cluster().awaitPod("default", "reloaded", Conditions::ready);
        assertThat(base.page("/biz1/build.txt")).isEmpty();
        try (CommandTap tap = stage.tap()) {
            stage.cluster()
                    .patch(
                            ApiPath.pod("default", "reloaded"),
                            PatchType.STRATEGIC,
                            """
                            {"spec":{"containers":[{"name":"biz1","image":"%s"}]}}
                            """
                                    .formatted(fixed));

            JsonNode after =
                    stage.cluster()
                            .awaitPod(
                                    "default",
                                    "reloaded",
                                    p -> Conditions.restarts(p) == 1 && Conditions.ready(p));

            assertThat(base.page("/biz1/build.txt")).contains("second build");
            assertThat(base.page("/biz1/").orElseThrow()).contains("biz1 1.0.0");
            assertThat(base.modules()).containsOnlyOnce("biz1:1.0.0");
            assertThat(tap.to(base))
                    .extracting(CommandTap.Sent::command)
                    .containsExactly("uninstallBiz", "installBiz");
            assertThat(tap.to(base).getLast().payload()).contains(fixed);
            assertThat(Conditions.uid(after)).isEqualTo(Conditions.uid(before));
            JsonNode last = after.at("/status/containerStatuses/0/lastState/terminated");
            assertThat(last.at("/reason").asString()).isEqualTo("ModuleReloaded");
        }
        deleteAndAwaitGone("reloaded");
        assertThat(base.modules()).isEmpty();
    }

    @Test
    void aPodDeletedByForceLeavesNoModuleBehind() {
        SampleBase base = stage.base(2);
        stage.cluster().apply(pod("forced", base, "biz2"));
        stage.cluster().awaitPod("default", "forced", Conditions::ready);
        assertThat(base.modules()).containsExactly("biz2:1.0.0");

        stage.cluster().delete(ApiPath.pod("default", "forced"), Stage.BY_FORCE);

        assertThat(stage.cluster().find(ApiPath.pod("default", "forced"))).isEmpty();
        await().atMost(SOON).untilAsserted(() -> assertThat(base.modules()).isEmpty());
    }

    @Test
    void aLivingPodThatLosesItsLabelKeepsItsModuleUntilItGoes() throws Exception {
        SampleBase base = stage.base(2);
        stage.cluster().apply(pod("unlabelled", base, "biz2"));
        stage.cluster().awaitPod("default", "unlabelled", Conditions::ready);
        try (CommandTap tap = stage.tap()) {
            stage.cluster()
                    .patch(
                            ApiPath.pod("default", "unlabelled"),
                            PatchType.MERGE,
                            """
                            {"metadata":{"labels":
                            {"virtual-kubelet.koupleless.io/component":null}}}
                            """);

            // What came later over the same watch has been dealt with, and a list has come since.
            stage.cluster().apply(pod("later", base, "biz1"));
            stage.cluster().awaitPod("default", "later", Conditions::ready);
            deleteAndAwaitGone("later");
            assertThat(base.modules()).containsExactly("biz2:1.0.0");
            assertThat(tap.count(base, "uninstallBiz", "biz2")).isZero();
            assertThat(Conditions.ready(stage.cluster().get(ApiPath.pod("default", "unlabelled"))))
                    .isTrue();

            deleteAndAwaitGone("unlabelled");
            assertThat(tap.count(base, "uninstallBiz", "biz2")).isEqualTo(1);
            assertThat(tap.count(base, "installBiz", "biz2")).isZero();
            assertThat(base.modules()).isEqualTo(List.of());
        }
    }

    private String pod(String name, SampleBase base, String module) {
        return ModulePods.bound(
                name, stage.nodeName(base), module, "1.0.0", stage.moduleUrl(module, "1.0.0"));
    }

    private void deleteAndAwaitGone(String pod) {
        stage.cluster().delete(ApiPath.pod("default", pod));
        stage.cluster().awaitGone(ApiPath.pod("default", pod), SOON);
    }
}
