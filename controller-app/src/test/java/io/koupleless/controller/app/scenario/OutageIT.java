package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Over MQTT: {@link OutageStory}; and the broker goes away and comes back. */
@ResourceLock(Lane.OUTAGES)
class OutageIT extends OutageStory {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final MqttStage stage = MqttStage.ofOutages();

    OutageIT() {
        super(MqttStage.ofOutages());
    }

    @Test
    void aBrokerOutageJudgesNobodyAndReinstallsNothing() throws Exception {
        SampleBase base = stage.base(2);
        apply("through", base, "biz2", "1.0.0");
        JsonNode before = stage.cluster().awaitPod("default", "through", Conditions::ready);
        JsonNode nodeBefore = stage.cluster().get(ApiPath.node(stage.nodeName(base)));

        stage.broker().stop();
        await().atMost(SOON).until(() -> !stage.controller().ready());
        await("thirty seconds without a broker")
                .pollDelay(Duration.ofSeconds(30))
                .atMost(SOON)
                .until(() ->
                        Conditions.ready(stage.cluster().get(ApiPath.node(stage.nodeName(base)))));
        stage.broker().start();
        stage.controller().awaitReady(SOON);

        try (CommandTap tap = stage.tap()) {
            // Its heartbeats have died in the outage; only our own questions prove that it lives.
            apply("after", base, "biz1", "1.0.0");
            stage.cluster().awaitPod("default", "after", Conditions::ready);
            assertThat(tap.count(base, "installBiz", "biz2")).isZero();
        }
        JsonNode after = stage.cluster().get(ApiPath.pod("default", "through"));
        JsonNode nodeAfter = stage.cluster().get(ApiPath.node(stage.nodeName(base)));
        assertThat(Conditions.transitionOf(after, "Ready"))
                .isEqualTo(Conditions.transitionOf(before, "Ready"));
        assertThat(Conditions.transitionOf(nodeAfter, "Ready"))
                .isEqualTo(Conditions.transitionOf(nodeBefore, "Ready"));
        deleteAndAwaitGone("through");
        deleteAndAwaitGone("after");
    }
}
