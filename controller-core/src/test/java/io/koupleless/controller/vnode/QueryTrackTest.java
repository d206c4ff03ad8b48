package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class QueryTrackTest {
    private final QueryTrack track = new QueryTrack(Duration.ofSeconds(5), At.seconds(0));

    private void ask(double seconds) {
        track.want(At.nanos(seconds));
        assertThat(track.due(At.seconds(seconds))).isTrue();
        track.asked("mqtt", At.seconds(seconds));
    }

    @Test
    void anAnswerInTimeTellsWhenItWasAskedFor() {
        ask(1);

        assertThat(track.answered("mqtt", At.seconds(5.9))).isEqualTo(OptionalLong.of(At.nanos(1)));
        assertThat(track.answered("mqtt", At.seconds(6))).isEmpty();
    }

    @Test
    void aLateAnswerIsNoEvidenceAndNotTheNextOnes() {
        ask(1);
        track.want(At.nanos(6));

        assertThat(track.due(At.seconds(6.1))).isFalse();
        assertThat(track.answered("mqtt", At.seconds(7))).isEmpty();
        assertThat(track.due(At.seconds(7))).isTrue();
    }

    @Test
    void oneLostQuestionDoesNotSpoilAllThatFollow() {
        ask(0);

        ask(10);
        assertThat(track.answered("mqtt", At.seconds(10.1))).isPresent();
        ask(15);
        assertThat(track.answered("mqtt", At.seconds(15.1))).isPresent();
    }

    @Test
    void theNextLookIsNeverInThePast() {
        ask(0);
        track.want(At.nanos(1));

        assertThat(track.nextLook(At.seconds(1))).isEqualTo(At.nanos(5));
        assertThat(track.nextLook(At.seconds(5))).isEqualTo(At.nanos(10));
        // Whoever may not ask now has no reason to come back for it.
        assertThat(track.nextLook(At.seconds(10))).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void aQuestionThatNeverLeftMayBeAskedAgain() {
        ask(0);
        track.notSent();

        ask(0.1);
    }
}
