package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class IdentityWatchTest {
    private final IdentityWatch watch = new IdentityWatch(At.TIMES.identityWindow());

    @Test
    void aChangeThatStaysIsARestart() {
        watch.heard("a", At.seconds(0));
        watch.heard("b", At.seconds(10));
        watch.heard("b", At.seconds(20));

        assertThat(watch.conflict(At.seconds(20))).isFalse();
    }

    @Test
    void comingBackWithinAMinuteProvesTwo() {
        watch.heard("a", At.seconds(0));
        watch.heard("b", At.seconds(30));
        watch.heard("a", At.seconds(60));

        assertThat(watch.conflict(At.seconds(60))).isTrue();
        assertThat(watch.nextLook(At.seconds(60))).isEqualTo(At.nanos(120));
        assertThat(watch.conflict(At.seconds(120))).isFalse();
    }

    @Test
    void comingBackLaterProvesNothing() {
        watch.heard("a", At.seconds(0));
        watch.heard("b", At.seconds(30));
        watch.heard("a", At.seconds(60.1));

        assertThat(watch.conflict(At.seconds(60.1))).isFalse();
    }
}
