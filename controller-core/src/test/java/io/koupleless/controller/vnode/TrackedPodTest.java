package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class TrackedPodTest {
    private final TrackedPod tracked =
            new TrackedPod(pod("1", true, PodStatus.Phase.PENDING), At.seconds(0));

    private static ModulePod pod(String version, boolean labelled, PodStatus.Phase phase) {
        return new ModulePod(
                new PodRef("default", "pod-1", "uid-1"),
                "node",
                labelled,
                version,
                At.WALL,
                0,
                false,
                "",
                ModulePod.RestartPolicy.NEVER,
                List.of(),
                List.of(),
                status(phase));
    }

    private static PodStatus status(PodStatus.Phase phase) {
        return new PodStatus(phase, "", "", "", Optional.empty(), List.of(), List.of());
    }

    @Test
    void whatWeWroteIsShownUntilTheWatchHasCaughtUp() {
        tracked.wrote(status(PodStatus.Phase.RUNNING), "3");
        tracked.seen(pod("2", true, PodStatus.Phase.PENDING));
        assertThat(tracked.status().phase()).isEqualTo(PodStatus.Phase.RUNNING);

        tracked.seen(pod("4", true, PodStatus.Phase.FAILED));
        assertThat(tracked.status().phase()).isEqualTo(PodStatus.Phase.FAILED);
    }

    @Test
    void aFollowedPodThatWasReadLaterThanWeWroteShowsWhatWasRead() {
        tracked.wrote(status(PodStatus.Phase.RUNNING), "3");

        tracked.follow(pod("4", false, PodStatus.Phase.FAILED));

        assertThat(tracked.current().status().phase()).isEqualTo(PodStatus.Phase.FAILED);
        assertThat(tracked.pod().labelled()).isTrue();
    }

    @Test
    void aWriteThatEndsAfterItWasReadLeavesNoOlderOneBehind() {
        tracked.wrote(status(PodStatus.Phase.RUNNING), "3");
        tracked.writing();
        tracked.follow(pod("4", false, PodStatus.Phase.FAILED));
        tracked.wrote(status(PodStatus.Phase.FAILED), "4");

        assertThat(tracked.current().status().phase()).isEqualTo(PodStatus.Phase.FAILED);
    }

    @Test
    void aFailedWriteIsLookedAtAgainOnce() {
        tracked.writing();
        tracked.writeFailed(At.TIMES, At.seconds(1));
        long retry = At.nanos(1) + At.TIMES.writeRetry().toNanos();

        assertThat(tracked.nextLook(At.seconds(1))).isEqualTo(retry);
        assertThat(tracked.nextLook(At.seconds(3600))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void theEchoOfOurOwnWriteIsNoNews() {
        tracked.writing();
        tracked.wrote(status(PodStatus.Phase.RUNNING), "3");

        assertThat(tracked.seen(pod("3", true, PodStatus.Phase.RUNNING))).isFalse();
        assertThat(tracked.seen(pod("4", true, PodStatus.Phase.FAILED))).isTrue();
        assertThat(tracked.seen(pod("5", false, PodStatus.Phase.FAILED))).isTrue();
    }

    @Test
    void anEchoThatOvertakesTheAnswerIsNewsOnce() {
        tracked.writing();

        assertThat(tracked.seen(pod("3", true, PodStatus.Phase.RUNNING))).isTrue();
        tracked.wrote(status(PodStatus.Phase.RUNNING), "3");
        assertThat(tracked.seen(pod("3", true, PodStatus.Phase.RUNNING))).isFalse();
    }

    @Test
    void whatWasLookedAtDuringAWriteIsLookedAtAgainAfterIt() {
        TrackedPod always = new TrackedPod(alwaysRestarted(), At.seconds(0));
        always.looked();
        always.writing();
        assertThat(always.wrote(status(PodStatus.Phase.RUNNING), "2")).isFalse();

        always.writing();
        always.looked();
        assertThat(always.wrote(status(PodStatus.Phase.RUNNING), "3")).isTrue();
    }

    @Test
    void theEndOfAPodThatIsNotRestartedLeadsOn() {
        tracked.writing();

        assertThat(tracked.wrote(status(PodStatus.Phase.RUNNING), "2")).isTrue();
    }

    private static ModulePod alwaysRestarted() {
        return new ModulePod(
                new PodRef("default", "pod-1", "uid-1"),
                "node",
                true,
                "1",
                At.WALL,
                0,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(),
                PodStatus.NONE);
    }

    @Test
    void aReadThatIsOlderThanTheWatchIsOld() {
        tracked.seen(pod("5", true, PodStatus.Phase.RUNNING));

        tracked.follow(pod("4", false, PodStatus.Phase.PENDING));

        assertThat(tracked.pod().resourceVersion()).isEqualTo("5");
    }
}
