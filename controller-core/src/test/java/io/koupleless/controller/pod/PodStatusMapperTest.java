package io.koupleless.controller.pod;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModulePod.RestartPolicy;
import io.koupleless.controller.pod.PodStatus.Phase;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PodStatusMapperTest {
    private static final Instant NOW = Instant.parse("2026-03-01T08:00:00.7Z");
    private static final Instant SECOND = Instant.parse("2026-03-01T08:00:00Z");
    private static final ContainerView ACTIVE = new ContainerView.Active(NOW);
    private static final ContainerView CREATING = new ContainerView.Creating("");
    private static final ContainerView WAITING = new ContainerView.Waiting("R", "why");
    private static final ContainerView OVER = new ContainerView.Over("R", "why");

    private static ModulePod pod(PodStatus status, String... gates) {
        return new ModulePod(
                new PodRef("default", "pod", "uid"),
                "node",
                true,
                "1",
                SECOND,
                0,
                false,
                "",
                RestartPolicy.ALWAYS,
                List.of(gates),
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

    private static PodStatus map(ModulePod pod, ContainerView a, ContainerView b, Instant at) {
        return PodStatusMapper.map(
                new PodStatusMapper.Situation(
                        pod, Map.of("a", a, "b", b), Map.of(), "10.0.0.7", Optional.empty()),
                at);
    }

    private static void is(PodStatus status, Phase phase, boolean ready) {
        assertThat(status.phase()).isEqualTo(phase);
        assertThat(status.isTrue(PodCondition.READY)).isEqualTo(ready);
        assertThat(status.isTrue(PodCondition.CONTAINERS_READY)).isEqualTo(ready);
    }

    @Test
    void phaseAndReadinessFollowTheTable() {
        ModulePod fresh = pod(PodStatus.NONE);

        is(map(fresh, CREATING, CREATING, NOW), Phase.PENDING, false);
        is(map(fresh, ACTIVE, ACTIVE, NOW), Phase.RUNNING, true);
        is(map(fresh, ACTIVE, CREATING, NOW), Phase.RUNNING, false);
        is(map(fresh, WAITING, CREATING, NOW), Phase.RUNNING, false);
        is(map(fresh, OVER, ACTIVE, NOW), Phase.RUNNING, false);
        is(map(fresh, OVER, OVER, NOW), Phase.FAILED, false);
    }

    @Test
    void aRunningPodDoesNotFallBackToPending() {
        PodStatus before = map(pod(PodStatus.NONE), ACTIVE, ACTIVE, NOW);

        is(map(pod(before), CREATING, CREATING, NOW), Phase.RUNNING, false);
    }

    @Test
    void whatIsOverStaysAsItIs() {
        PodStatus over = map(pod(PodStatus.NONE), OVER, OVER, NOW);

        assertThat(map(pod(over), ACTIVE, WAITING, NOW.plusSeconds(60))).isEqualTo(over);
        assertThat(over.reason()).isEqualTo("R");
    }

    @Test
    void timesAreOfTheLastTransitionInWholeSeconds() {
        PodStatus ready = map(pod(PodStatus.NONE), ACTIVE, ACTIVE, NOW);
        assertThat(ready.startTime()).contains(SECOND);
        assertThat(ready.condition(PodCondition.READY).orElseThrow().lastTransition())
                .isEqualTo(SECOND);

        PodStatus later = map(pod(ready), ACTIVE, ACTIVE, NOW.plusSeconds(60));
        assertThat(later).isEqualTo(withoutScheduled(ready, later));
        assertThat(PodStatusMapper.differs(later, ready)).isFalse();

        PodStatus broken = map(pod(ready), ACTIVE, WAITING, NOW.plusSeconds(90));
        assertThat(broken.condition(PodCondition.READY).orElseThrow().lastTransition())
                .isEqualTo(SECOND.plusSeconds(90));
        assertThat(broken.startTime()).contains(SECOND);
    }

    private static PodStatus withoutScheduled(PodStatus status, PodStatus like) {
        return new PodStatus(
                status.phase(),
                status.reason(),
                status.message(),
                status.podIp(),
                status.startTime(),
                status.conditions().stream()
                        .filter(c -> like.condition(c.type()).isPresent())
                        .toList(),
                status.containers());
    }

    @Test
    void aReadinessGateHoldsReadyBackButNotTheContainers() {
        PodStatus status = map(pod(PodStatus.NONE, "gate"), ACTIVE, ACTIVE, NOW);

        assertThat(status.isTrue(PodCondition.CONTAINERS_READY)).isTrue();
        PodCondition ready = status.condition(PodCondition.READY).orElseThrow();
        assertThat(ready.status()).isFalse();
        assertThat(ready.reason()).isEqualTo("ReadinessGatesNotReady");
    }

    @Test
    void theScheduledConditionOfOthersIsKept() {
        PodCondition scheduled = new PodCondition(PodCondition.SCHEDULED, true, "", "", SECOND);
        PodStatus before =
                new PodStatus(
                        Phase.PENDING, "", "", "", Optional.empty(), List.of(scheduled), List.of());

        assertThat(map(pod(before), CREATING, CREATING, NOW).condition(PodCondition.SCHEDULED))
                .contains(scheduled);
        assertThat(map(pod(PodStatus.NONE), CREATING, CREATING, NOW).isTrue("PodScheduled"))
                .isTrue();
    }

    @Test
    void restartsAndTheLastStateAreShown() {
        ContainerState last = new ContainerState.Terminated(1, "R", "why", SECOND, SECOND);
        PodStatus status =
                PodStatusMapper.map(
                        new PodStatusMapper.Situation(
                                pod(PodStatus.NONE),
                                Map.of("a", ACTIVE, "b", ACTIVE),
                                Map.of("a", new Restarts(3, last)),
                                "10.0.0.7",
                                Optional.empty()),
                        NOW);

        assertThat(status.container("a").orElseThrow().restartCount()).isEqualTo(3);
        assertThat(status.container("a").orElseThrow().lastState()).isEqualTo(last);
        assertThat(status.podIp()).isEqualTo("10.0.0.7");
    }

    @Test
    void aSilentNodeChangesReadyAlone() {
        PodStatus ready = map(pod(PodStatus.NONE), ACTIVE, ACTIVE, NOW);

        PodStatus silent =
                PodStatusMapper.nodeNotReady(
                        ready, new PodStatusMapper.Unready("NodeNotReady", "silent"), NOW);

        assertThat(silent.isTrue(PodCondition.READY)).isFalse();
        assertThat(silent.isTrue(PodCondition.CONTAINERS_READY)).isTrue();
        assertThat(silent.containers()).isEqualTo(ready.containers());
    }

    @Test
    void anUnchangedContainerKeepsWhatItsStatusSays() {
        PodStatus ready = map(pod(PodStatus.NONE), ACTIVE, ACTIVE, NOW);
        ContainerView unchanged = new ContainerView.Unchanged();

        is(map(pod(ready), unchanged, unchanged, NOW), Phase.RUNNING, true);
        is(map(pod(PodStatus.NONE), unchanged, unchanged, NOW), Phase.PENDING, false);
    }
}
