package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What becomes of modules that no Pod asks for and no record names, where a setting says that they
 * go: a controller of its own, with a grace of 5 s. {@link OutageIT} shows the default.
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
