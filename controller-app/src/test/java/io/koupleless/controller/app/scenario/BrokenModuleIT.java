package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.app.scenario.WireStage.Way;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.Arrival;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.FailsToStart;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/**
 * A base with {@code sofa.ark.auto.uninstall.when.failed.enable=false} keeps a module that failed
 * as BROKEN and refuses each further install of it as a repeat. At the wire: sofa-ark has that
 * setting after 3.1.4 only.
 */
@ResourceLock(Lane.WIRE)
class BrokenModuleIT {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String JAR = "file:///modules/broken.jar";

    private final WireStage stage = WireStage.get();

    @ParameterizedTest
    @EnumSource(Way.class)
    void itIsUninstalledBeforeItIsTriedAgainAndStartsOnceItCan(Way way) {
        String name = "keeps-" + way.name().toLowerCase(Locale.ROOT);
        FakeBase base = stage.begin(way, FakeBase.of(name).autoUninstall(false));
        base.install(JAR, new FailsToStart(Duration.ZERO, "database url is missing"));
        stage.cluster()
                .create(ModulePods.bound(name, stage.nodeName(base), "broken", "1.0.0", JAR));
        ApiPath pod = ApiPath.pod("default", name);

        JsonNode failed =
                stage.cluster()
                        .await(
                                pod,
                                SOON,
                                p ->
                                        Conditions.waitingReason(p)
                                                .equals("User.InstallBizUserError"));
        assertThat(Conditions.waitingMessage(failed)).contains("database url is missing");
        base.install(JAR, InstallBehaviour.starts());
        JsonNode ready = stage.cluster().await(pod, SOON, Conditions::ready);

        assertThat(Conditions.restarts(ready)).isPositive();
        List<String> commands = commands(base);
        assertThat(commands).startsWith("installBiz", "uninstallBiz", "installBiz");
        assertThat(commands)
                .as("no install is refused as a repeat")
                .doesNotContainSequence("installBiz", "installBiz");
        stage.cluster().delete(pod);
        stage.cluster().awaitGone(pod, SOON);
        assertThat(base.modules()).isEmpty();
    }

    private static List<String> commands(FakeBase base) {
        return base.arrivals().stream()
                .map(Arrival::command)
                .filter(Set.of("installBiz", "uninstallBiz")::contains)
                .toList();
    }
}
