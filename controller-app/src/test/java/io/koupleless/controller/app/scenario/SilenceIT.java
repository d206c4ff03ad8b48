package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.app.scenario.WireStage.Way;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Bases that go without a word, over either tunnel, and do not return. */
@ResourceLock(Lane.WIRE)
class SilenceIT {
    private static final Duration SOON = Duration.ofSeconds(200);

    private final WireStage stage = WireStage.get();

    @Test
    void aSilentBaseIsNotReadyThenGoneWithItsPods() {
        List<Case> cases = new ArrayList<>();
        for (Way way : Way.values()) {
            FakeBase base = stage.begin(way, "silent-" + way.name().toLowerCase(Locale.ROOT));
            cases.add(new Case(way, base, stage.nodeName(base)));
        }
        for (Case one : cases) {
            stage.cluster()
                    .apply(
                            ModulePods.bound(
                                    one.pod(), one.node(), "biz2", "1.0.0", "file:///m/biz2.jar"));
            stage.cluster().awaitPod("default", one.pod(), Conditions::ready);
        }

        cases.forEach(one -> stage.end(one.way(), one.base()));

        for (Case one : cases) {
            stage.cluster().await(ApiPath.node(one.node()), SOON, Conditions::notReady);
            JsonNode pod = stage.cluster().awaitPod("default", one.pod(), Conditions::notReady);
            assertThat(Conditions.condition(pod, "Ready").orElseThrow().at("/reason").asString())
                    .isEqualTo("NodeNotReady");
        }
        for (Case one : cases) {
            stage.cluster().awaitGone(ApiPath.node(one.node()), SOON);
            stage.cluster().awaitGone(ApiPath.pod("default", one.pod()), SOON);
            stage.cluster().awaitGone(ApiPath.lease("kube-node-lease", one.node()), SOON);
        }
    }

    private record Case(Way way, FakeBase base, String node) {
        private String pod() {
            return "on-" + base.id().value();
        }
    }
}
