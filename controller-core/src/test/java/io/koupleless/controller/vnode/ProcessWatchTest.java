package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ProcessWatchTest {
    private final ProcessWatch watch = new ProcessWatch(At.TIMES.identityWindow());

    private boolean heard(double uptime, double asked, double at) {
        return watch.heard(
                Duration.ofMillis((long) (uptime * 1000)), At.nanos(asked), At.seconds(at));
    }

    @Test
    void theSameProcessGoesOn() {
        assertThat(heard(100, 0, 0.1)).isFalse();
        assertThat(heard(110, 10, 14.5)).isFalse();
    }

    @Test
    void aStartThatIsLaterByMoreThanTheErrorIsAnotherProcess() {
        heard(100, 0, 0.1);

        assertThat(heard(2, 20, 20.1)).isTrue();
        assertThat(watch.start()).isEqualTo(At.nanos(18.1));
    }

    @Test
    void aRunTimeThatFellIsAnotherProcess() {
        heard(1.5, 0, 1);

        assertThat(heard(0.5, 3, 3.1)).isTrue();
    }

    @Test
    void anOldAnswerThatWasTakenForANewOneIsNoRestart() {
        heard(100, 0, 0.1);
        heard(110, 10, 10.1);

        assertThat(heard(103, 20, 20.1)).isFalse();
        assertThat(watch.conflict(At.seconds(20.1))).isFalse();
        assertThat(heard(130, 30, 30.1)).isFalse();
        assertThat(watch.conflict(At.seconds(30.1))).isFalse();
    }

    @Test
    void twoLiveProcessesAreToldByTheSecondAnswerOfEach() {
        heard(100, 0, 0.1);
        heard(510, 10, 10.1);
        heard(120, 20, 20.1);
        heard(530, 30, 30.1);
        heard(140, 40, 40.1);

        assertThat(watch.conflict(At.seconds(40.1))).isTrue();
        assertThat(watch.conflict(At.seconds(101))).isFalse();
    }

    @Test
    void anotherProcessThanTheRecordedOneIsKnownAfterOurRestart() {
        watch.recorded(Optional.of(At.WALL.minusSeconds(500)));
        assertThat(heard(20, 0, 0.1)).isFalse();
        assertThat(watch.doubts()).isTrue();
        assertThat(heard(20.1, 0.1, 0.2)).isTrue();
        assertThat(watch.doubts()).isFalse();

        ProcessWatch same = new ProcessWatch(At.TIMES.identityWindow());
        same.recorded(Optional.of(At.WALL.minusSeconds(20)));
        assertThat(same.heard(Duration.ofSeconds(18), At.nanos(0), At.seconds(1))).isFalse();
    }

    @Test
    void aRecordThatIsReadAfterTheFirstAnswerStillTellsOfAnotherProcess() {
        heard(20, 0, 0.1);
        watch.recorded(Optional.of(At.WALL.minusSeconds(500)));
        assertThat(watch.doubts()).isTrue();
        assertThat(heard(20.1, 0.1, 0.2)).isTrue();

        ProcessWatch same = new ProcessWatch(At.TIMES.identityWindow());
        same.heard(Duration.ofSeconds(20), At.nanos(0), At.seconds(0));
        same.recorded(Optional.of(At.WALL.minusSeconds(18)));
        assertThat(same.doubts()).isFalse();
    }

    @Test
    void aLateAnswerIsNoOtherProcessThanTheRecordedOne() {
        watch.recorded(Optional.of(At.WALL.minusSeconds(500)));

        assertThat(heard(491, 8, 8.1)).isFalse();
        assertThat(watch.doubts()).isTrue();
        assertThat(heard(508, 8.2, 8.3)).isFalse();
        assertThat(watch.doubts()).isFalse();
        assertThat(watch.start()).isEqualTo(At.nanos(-499.7));
    }
}
