package io.koupleless.controller.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModulePod.RestartPolicy;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StrangerTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00Z");
    private static final ContainerState ENDED =
            new ContainerState.Terminated(1, "R", "why", NOW, NOW);

    private static ModulePod pod(RestartPolicy policy, PodStatus status) {
        return new ModulePod(
                new PodRef("default", "pod", "uid"),
                "node",
                false,
                "1",
                NOW,
                0,
                false,
                "",
                policy,
                List.of(),
                List.of(container("a"), container("b")),
                status);
    }

    private static ModuleContainer container(String name) {
        return new ModuleContainer(
                name,
                "http://repo/" + name + ".jar",
                new ModuleContainer.Module(
                        new ModuleRef(name, "1"), URI.create("http://repo/x.jar"), "hash"));
    }

    private static PodStatus explained(RestartPolicy policy) {
        PodStatus before =
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "",
                        "",
                        Optional.empty(),
                        List.of(),
                        List.of(
                                new ContainerStatus(
                                        "a", "i", false, 3, ENDED, new ContainerState.Unset()),
                                new ContainerStatus(
                                        "b",
                                        "i",
                                        true,
                                        2,
                                        new ContainerState.Running(NOW),
                                        ENDED)));
        return Stranger.explained(pod(policy, before), "NotAModule", "no", NOW);
    }

    @Test
    void whatEndedForGoodStaysEnded() {
        PodStatus next = explained(RestartPolicy.NEVER);

        assertThat(next.container("a").orElseThrow().state()).isEqualTo(ENDED);
        assertThat(next.container("b").orElseThrow().state())
                .isEqualTo(new ContainerState.Waiting("NotAModule", "no"));
    }

    @Test
    void restartsAreNotForgotten() {
        ContainerStatus second = explained(RestartPolicy.ALWAYS).container("b").orElseThrow();

        assertThat(second.restartCount()).isEqualTo(2);
        assertThat(second.lastState()).isEqualTo(ENDED);
    }
}
