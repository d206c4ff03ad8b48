package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.BasePod;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** A base that was found by its Pod ends as the Pod does. */
class BasePodsIT {
    private static final Duration AT_ONCE = Duration.ofSeconds(2);

    /** Sent to the API server, told to a watch, decided, and sent again. */
    private static final Duration SOON = Duration.ofSeconds(5);

    private static final String TERMINATING = "module-controller.koupleless.io/base-terminating";

    private final HttpStage stage = HttpStage.get();

    @Test
    void aTerminatingBaseTakesNothingNewAndItsModulePodsGoWithoutACommand() {
        SampleBase base = stage.baseOnMachine("base-leaves", "machine-1");
        BasePod pod = stage.podOf(base);
        String node = stage.nodeName(base);
        try (CommandTap tap = stage.tap()) {
            stage.cluster().apply(module("evicted", node));
            stage.cluster().awaitPod("default", "evicted", Conditions::ready);
            assertThat(tap.count(base, "installBiz", "biz2")).isEqualTo(1);

            pod.delete(stage.cluster());

            stage.cluster()
                    .await(
                            ApiPath.node(node),
                            SOON,
                            n -> Conditions.repels(n, TERMINATING) && Conditions.notReady(n));
            stage.cluster().awaitGone(ApiPath.pod("default", "evicted"), SOON);
            assertThat(stage.cluster().find(pod.path())).as("the base's own Pod").isPresent();
            assertThat(base.modules()).as("its JVM ends soon").containsExactly("biz2:1.0.0");
            assertThat(tap.count(base, "uninstallBiz", "biz2")).isZero();

            base.kill();
            pod.deleteAtOnce(stage.cluster());

            stage.cluster().awaitGone(ApiPath.node(node), AT_ONCE);
            stage.cluster().awaitGone(ApiPath.lease("kube-node-lease", node), SOON);
        } finally {
            stage.dismiss(base);
        }
    }

    @Test
    void aBaseWhosePodIsDeletedIsGoneWithinTwoSecondsThoughItStillAnswers() {
        SampleBase base = stage.anotherBase("base-podless");
        String node = stage.nodeName(base);
        try {
            stage.cluster().apply(module("homeless", node));
            stage.cluster().awaitPod("default", "homeless", Conditions::ready);

            stage.podOf(base).deleteAtOnce(stage.cluster());

            stage.cluster().awaitGone(ApiPath.node(node), AT_ONCE);
            stage.cluster().awaitGone(ApiPath.pod("default", "homeless"), SOON);
            await("several polls")
                    .during(Duration.ofSeconds(6))
                    .atMost(Duration.ofSeconds(10))
                    .until(() -> stage.cluster().find(ApiPath.node(node)).isEmpty());
            assertThat(base.process().isAlive()).isTrue();
        } finally {
            stage.dismiss(base);
        }
    }

    private String module(String pod, String node) {
        return ModulePods.bound(pod, node, "biz2", "1.0.0", stage.moduleUrl("biz2", "1.0.0"));
    }
}
