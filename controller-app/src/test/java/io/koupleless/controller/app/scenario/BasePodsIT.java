package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.app.scenario.WireStage.Way;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** A base that was found by its Pod ends as the Pod does. */
@ResourceLock(Lane.WIRE)
class BasePodsIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    private static final String TERMINATING = "module-controller.koupleless.io/base-terminating";

    private final WireStage stage = WireStage.get();

    @Test
    void aTerminatingBaseTakesNothingNewAndItsModulePodsGoWithoutACommand() {
        FakeBase base = stage.beginAsPod("leaves", "machine-of-leaving", "leaving");
        ApiPath pod = ApiPath.pod("default", "leaves");
        String node = stage.nodeName(base);
        stage.cluster().apply(module("evicted", node));
        stage.cluster().awaitPod("default", "evicted", Conditions::ready);
        assertThat(base.commands()).containsOnlyOnce("installBiz");

        stage.cluster().delete(pod);

        stage.cluster()
                .await(
                        ApiPath.node(node),
                        SOON,
                        n -> Conditions.repels(n, TERMINATING) && Conditions.notReady(n));
        stage.cluster().awaitGone(ApiPath.pod("default", "evicted"), SOON);
        assertThat(stage.cluster().find(pod)).as("the base's own Pod").isPresent();
        assertThat(base.modules()).as("its process ends soon").hasSize(1);
        assertThat(base.commands()).doesNotContain("uninstallBiz");

        stage.end(Way.HTTP, base);
        stage.cluster().delete(pod, Stage.BY_FORCE);

        stage.cluster().awaitGone(ApiPath.node(node), SOON);
        stage.cluster().awaitGone(ApiPath.lease("kube-node-lease", node), SOON);
    }

    @Test
    void aBaseWhosePodIsDeletedIsGoneThoughItStillAnswers() {
        FakeBase base = stage.beginAsPod("podless", "machine-of-leaving", "leaving");
        String node = stage.nodeName(base);
        stage.cluster().apply(module("homeless", node));
        stage.cluster().awaitPod("default", "homeless", Conditions::ready);

        stage.cluster().delete(ApiPath.pod("default", "podless"), Stage.BY_FORCE);

        stage.cluster().awaitGone(ApiPath.node(node), SOON);
        stage.cluster().awaitGone(ApiPath.pod("default", "homeless"), SOON);
        await("several polls")
                .during(Duration.ofSeconds(6))
                .atMost(SOON)
                .until(() -> stage.cluster().find(ApiPath.node(node)).isEmpty());
        assertThat(base.modules()).as("nobody told it").hasSize(1);
        stage.end(Way.HTTP, base);
    }

    private static String module(String pod, String node) {
        return ModulePods.bound(pod, node, "biz2", "1.0.0", "file:///modules/biz2.jar");
    }
}
