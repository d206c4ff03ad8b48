package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class ChannelsTest {
    private final Channels channels =
            new Channels(Ways.of("mqtt", "http"), Duration.ofSeconds(25), "http", At.seconds(0));

    private void bothUp() {
        channels.link("mqtt", true);
        channels.link("http", true);
    }

    private void bothHeard(double at) {
        channels.heard("http", At.seconds(at));
        channels.heard("mqtt", At.seconds(at));
    }

    @Test
    void aBaseIsBoundToTheTunnelItIsSeenOn() {
        bothUp();

        assertThat(channels.choose(At.seconds(1))).isFalse();
        assertThat(channels.current()).isEqualTo("http");
    }

    @Test
    void seenOnBothThePreferredOneIsTaken() {
        bothUp();
        bothHeard(1);

        assertThat(channels.choose(At.seconds(1))).isTrue();
        assertThat(channels.current()).isEqualTo("mqtt");
    }

    @Test
    void aLinkThatFailsHandsOverAtOnceAndTakesBackOnceItIsUp() {
        bothUp();
        bothHeard(1);
        channels.choose(At.seconds(1));

        channels.link("mqtt", false);
        assertThat(channels.choose(At.seconds(2))).isTrue();
        assertThat(channels.current()).isEqualTo("http");

        channels.link("mqtt", true);
        channels.choose(At.seconds(3));
        assertThat(channels.current()).isEqualTo("mqtt");
    }

    @Test
    void aTunnelThatBringsNothingAnyMoreIsLeft() {
        bothUp();
        bothHeard(1);
        channels.choose(At.seconds(1));
        channels.heard("http", At.seconds(20));

        channels.choose(At.seconds(25.9));
        assertThat(channels.current()).isEqualTo("mqtt");
        channels.choose(At.seconds(26));
        assertThat(channels.current()).isEqualTo("http");
    }

    @Test
    void unansweredQuestionsMakeItAvoidedLongerEachTime() {
        bothUp();
        bothHeard(1);
        channels.choose(At.seconds(1));

        channels.unanswered(At.seconds(10));
        channels.choose(At.seconds(10));
        assertThat(channels.current()).isEqualTo("http");
        bothHeard(39);
        channels.choose(At.seconds(39.9));
        assertThat(channels.current()).isEqualTo("http");
        channels.choose(At.seconds(40));
        assertThat(channels.current()).isEqualTo("mqtt");

        channels.unanswered(At.seconds(45));
        bothHeard(104);
        channels.choose(At.seconds(104.9));
        assertThat(channels.current()).isEqualTo("http");
        channels.choose(At.seconds(105));
        assertThat(channels.current()).isEqualTo("mqtt");
    }

    @Test
    void anAnswerForgivesWhatWasBefore() {
        bothUp();
        bothHeard(1);
        channels.choose(At.seconds(1));
        channels.unanswered(At.seconds(10));
        channels.answered("mqtt");

        channels.choose(At.seconds(11));

        assertThat(channels.current()).isEqualTo("mqtt");
    }

    @Test
    void theOnlyTunnelIsKeptWhateverHappens() {
        channels.link("http", true);

        channels.unanswered(At.seconds(10));

        assertThat(channels.choose(At.seconds(4000))).isFalse();
        assertThat(channels.current()).isEqualTo("http");
    }

    @Test
    void aTunnelThatThisProcessHasNotIsLeftForOneOnWhichTheBaseIsHeard() {
        Channels found =
                new Channels(Ways.of("http"), Duration.ofSeconds(25), "mqtt", At.seconds(0));
        found.link("http", true);
        assertThat(found.choose(At.seconds(1))).isFalse();
        assertThat(found.linkUp()).isFalse();

        found.heard("http", At.seconds(2));

        assertThat(found.choose(At.seconds(2))).isTrue();
        assertThat(found.linkUp()).isTrue();
    }

    @Test
    void aTunnelThatIsAvoidedIsBetterThanOneThatBringsNothing() {
        bothUp();
        bothHeard(1);
        channels.choose(At.seconds(1));
        channels.unanswered(At.seconds(10));
        channels.choose(At.seconds(10));
        assertThat(channels.current()).isEqualTo("http");

        channels.link("http", false);
        assertThat(channels.choose(At.seconds(11))).isTrue();
        assertThat(channels.current()).isEqualTo("mqtt");

        channels.link("http", true);
        channels.choose(At.seconds(12));
        assertThat(channels.current()).isEqualTo("http");
    }
}
