package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.time.Duration;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Probes and a preStop hook of a real web module on a real base, which is reached over MQTT. */
@ResourceLock(Lane.MQTT)
class ProbesIT {
    private static final String POD = "probed";

    /** Four periods, a reload, and a machine that does other things too. */
    private static final Duration SOON = Duration.ofSeconds(120);

    private static final Duration HOOK = Duration.ofSeconds(4);

    private final MqttStage stage = MqttStage.get();

    @Test
    void readinessFollowsItsProbeAndLivenessReloadsTheModule() {
        SampleBase base = stage.base(1);
        try (CommandTap tap = stage.tap()) {
            stage.cluster().apply(pod(stage.nodeName(base), base.options().ports().web()));
            JsonNode ready = awaitPod(Conditions::ready);
            assertThat(ready.at("/status/containerStatuses/0/started").asBoolean()).isTrue();

            set(base, "ready/503");
            JsonNode busy = awaitPod(Conditions::notReady);
            assertThat(busy.at("/status/containerStatuses/0/state/running").isMissingNode())
                    .as("it runs on")
                    .isFalse();
            assertThat(Conditions.restarts(busy)).isZero();
            set(base, "ready/200");
            awaitPod(Conditions::ready);
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(events("Unhealthy"))
                                    .contains(
                                            "Readiness probe failed: HTTP probe failed with"
                                                    + " statuscode: 503"));

            set(base, "live/500");
            JsonNode again = awaitPod(p -> Conditions.restarts(p) == 1 && Conditions.ready(p));
            assertThat(again.at("/status/containerStatuses/0/lastState/terminated/reason"))
                    .hasToString("\"LivenessProbeFailed\"");
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(events("LivenessProbeFailed")).contains("statuscode: 500"));
            assertThat(tap.count(base, "uninstallBiz", "biz1")).isEqualTo(1);
            assertThat(tap.count(base, "installBiz", "biz1")).isEqualTo(2);

            stage.awaitSettled(base);
            restartOfOursFlipsNothing();
            hookBeforeTheEnd(base);
        }
    }

    private void restartOfOursFlipsNothing() {
        String since = Conditions.transitionOf(awaitPod(Conditions::ready), "Ready");
        stage.controller().restart();
        stage.controller().awaitReady(SOON);
        await("several periods")
                .during(Duration.ofSeconds(5))
                .atMost(SOON)
                .until(() -> Conditions.ready(awaitPod(p -> true)));
        JsonNode after = awaitPod(Conditions::ready);
        assertThat(Conditions.transitionOf(after, "Ready")).isEqualTo(since);
        assertThat(Conditions.restarts(after)).isEqualTo(1);
    }

    private void hookBeforeTheEnd(SampleBase base) {
        ApiPath pod = ApiPath.pod("default", POD);
        long asked = System.nanoTime();
        stage.cluster().delete(pod);
        await().atMost(SOON).until(() -> !base.modules().contains("biz1:1.0.0"));
        assertThat(Duration.ofNanos(System.nanoTime() - asked)).isGreaterThanOrEqualTo(HOOK);
        stage.cluster().awaitGone(pod, SOON);
    }

    private JsonNode awaitPod(Predicate<JsonNode> condition) {
        return stage.cluster().await(ApiPath.pod("default", POD), SOON, condition);
    }

    private static void set(SampleBase base, String what) {
        assertThat(base.page("/biz1/" + what)).isPresent();
    }

    private String events(String reason) {
        StringBuilder notes = new StringBuilder();
        stage.cluster().list(ApiPath.events("default")).stream()
                .filter(e -> e.at("/involvedObject/name").asString("").equals(POD))
                .filter(e -> e.at("/reason").asString("").equals(reason))
                .forEach(e -> notes.append(e.at("/message").asString("")).append('\n'));
        return notes.toString();
    }

    private String pod(String node, int port) {
        return ModulePods.bound(POD, node, "biz1", "1.0.0", stage.moduleUrl("biz1", "1.0.0"))
                .replace(
                        "  tolerations:",
                        """
                            startupProbe:
                              tcpSocket:
                                port: %1$d
                              periodSeconds: 1
                              timeoutSeconds: 20
                              failureThreshold: 100
                            readinessProbe:
                              httpGet:
                                path: ready
                                port: %1$d
                              periodSeconds: 1
                              timeoutSeconds: 20
                              failureThreshold: 2
                            livenessProbe:
                              httpGet:
                                path: /biz1/live
                                port: %1$d
                              periodSeconds: 1
                              timeoutSeconds: 20
                              failureThreshold: 2
                            lifecycle:
                              preStop:
                                sleep:
                                  seconds: %2$d
                        tolerations:\
                        """
                                .formatted(port, HOOK.toSeconds())
                                .indent(2));
    }
}
