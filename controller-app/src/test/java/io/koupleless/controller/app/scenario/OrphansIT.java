package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What becomes of modules that no Pod asks for, where a setting says that all of them go, or none:
 * a controller of its own, with a grace of 5 s. {@link OutageIT} shows the default.
 */
@ResourceLock(Lane.WIRE)
class OrphansIT {
    private static final String ENV = "sweeping";
    private static final String NODE = "vnode.sweeps." + ENV;

    private final WireStage stage = WireStage.get();

    @Test
    void everythingGoesThatNobodyAsksFor() {
        FakeBase base = FakeBase.of("sweeps").runningFor(Duration.ofMinutes(1));
        installByHand(base);
        Map<String, String> settings = Map.of("MODULE_CONTROLLER_MODULES_ORPHANS", "uninstall");
        try (ControllerProcess controller = stage.anotherController(ENV, settings);
                MqttFakeBases bases = stage.connectToBroker(ENV)) {
            assertThat(controller.ready()).isTrue();
            bases.join(base);
            bases.heartbeat(base);
            stage.cluster().awaitNode(NODE, Conditions::ready);
            stage.cluster()
                    .create(
                            ModulePods.bound(
                                    "asked-for", NODE, "asked-for", "1.0.0", "file:///m/a.jar"));
            stage.cluster().awaitPod("default", "asked-for", Conditions::ready);

            await().atMost(Duration.ofSeconds(120)).until(() -> !names(base).contains("by-hand"));

            assertThat(names(base)).isEqualTo("[asked-for]");
        }
    }

    @Test
    void whatLostItsPodStaysWhereASettingSaysSoAndTheNodeNamesIt() {
        FakeBase base = FakeBase.of("leaves").runningFor(Duration.ofMinutes(1));
        String node = "vnode.leaves.leaving";
        Map<String, String> settings = Map.of("MODULE_CONTROLLER_MODULES_ORPHANS", "leave");
        try (ControllerProcess controller = stage.anotherController("leaving", settings);
                MqttFakeBases bases = stage.connectToBroker("leaving")) {
            bases.join(base);
            bases.heartbeat(base);
            stage.cluster().awaitNode(node, Conditions::ready);
            for (String name : List.of("lost", "stays")) {
                stage.cluster()
                        .create(
                                ModulePods.bound(
                                        name, node, name, "1.0.0", "file:///m/" + name + ".jar"));
                stage.cluster().awaitPod("default", name, Conditions::ready);
            }
            controller.kill();
            stage.cluster().delete(ApiPath.pod("default", "lost"), Stage.BY_FORCE);

            controller.restart();
            controller.awaitReady(Duration.ofMinutes(2));
            bases.heartbeat(base);

            stage.cluster()
                    .awaitNode(
                            node,
                            n ->
                                    Conditions.condition(n, "UnknownModules")
                                            .filter(c ->
                                                    c.at("/message")
                                                            .asString("")
                                                            .equals("left alone: lost:1.0.0"))
                                            .isPresent());
            assertThat(names(base)).isEqualTo("[lost, stays]");
        }
    }

    private static void installByHand(FakeBase base) {
        String request =
                """
                {"bizName":"by-hand","bizVersion":"1.0.0","bizUrl":"file:///by-hand.jar"}
                """;
        base.handle("installBiz", request.getBytes(StandardCharsets.UTF_8), answer -> {});
    }

    private static String names(FakeBase base) {
        return base.modules().stream().map(module -> module.ref().name()).toList().toString();
    }
}
