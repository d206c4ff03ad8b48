package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** From the first install to the last word of a Pod, on real bases over MQTT. */
@ResourceLock(Lane.MQTT)
class PodLifeIT {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String GATE = "example.com/warmed-up";

    private final MqttStage stage = MqttStage.get();

    @Test
    void aPodWithAGateIsReadyOnlyWhenItsConditionIsToo() {
        SampleBase base = stage.base(1);
        apply("gated", stage.nodeName(base), "biz2", "  readinessGates: [{conditionType: %s}]\n");
        JsonNode waiting = awaitPod("gated", p -> Conditions.is(p, "ContainersReady", "True"));
        assertThat(Conditions.notReady(waiting)).isTrue();
        assertThat(Conditions.condition(waiting, "Ready").orElseThrow().at("/reason").asString())
                .isEqualTo("ReadinessGatesNotReady");

        gate("True");
        awaitPod("gated", Conditions::ready);
        gate("False");
        JsonNode closed = awaitPod("gated", Conditions::notReady);

        assertThat(Conditions.is(closed, "ContainersReady", "True")).isTrue();
        assertThat(Conditions.restarts(closed)).isZero();
        deleteAndAwaitGone("gated");
    }

    @Test
    void anHttpHookIsCalledWhileTheModuleStillRuns() throws IOException {
        SampleBase base = stage.base(2);
        List<String> calls = new CopyOnWriteArrayList<>();
        HttpServer hooks =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hooks.createContext(
                "/",
                exchange -> {
                    calls.add(exchange.getRequestURI() + " " + base.modules());
                    exchange.sendResponseHeaders(204, -1);
                    exchange.close();
                });
        hooks.start();
        try {
            String hook =
                    """
                          lifecycle:
                            preStop:
                              httpGet: {host: 127.0.0.1, port: %d, path: /biz2/leaving}
                    """
                            .formatted(hooks.getAddress().getPort());
            stage.cluster()
                    .apply(
                            pod("hooked", stage.nodeName(base), "biz2")
                                    .replace("  tolerations:\n", hook + "  tolerations:\n"));
            awaitPod("hooked", Conditions::ready);
            assertThat(calls).isEmpty();

            deleteAndAwaitGone("hooked");

            assertThat(calls).containsExactly("/biz2/leaving [biz2:1.0.0]");
            assertThat(base.modules()).isEmpty();
        } finally {
            hooks.stop(0);
        }
    }

    private void gate(String status) {
        stage.cluster()
                .patch(
                        ApiPath.pod("default", "gated").status(),
                        PatchType.STRATEGIC,
                        """
                        {"status": {"conditions": [{"type": "%s", "status": "%s"}]}}
                        """
                                .formatted(GATE, status));
    }

    private void apply(String pod, String node, String module, String more) {
        stage.cluster()
                .apply(pod(pod, node, module).replace("spec:\n", "spec:\n" + more.formatted(GATE)));
    }

    private String pod(String name, String node, String module) {
        return ModulePods.bound(name, node, module, "1.0.0", stage.moduleUrl(module, "1.0.0"));
    }

    private JsonNode awaitPod(String name, Predicate<JsonNode> condition) {
        return stage.cluster().await(ApiPath.pod("default", name), SOON, condition);
    }

    private void deleteAndAwaitGone(String pod) {
        stage.cluster().delete(ApiPath.pod("default", pod));
        stage.cluster().awaitGone(ApiPath.pod("default", pod), SOON);
    }
}
