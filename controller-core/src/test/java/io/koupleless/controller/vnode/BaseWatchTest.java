package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

class BaseWatchTest {
    private static final Base BASE =
            new Base(new BaseId("b"), "demo", "1", "default", "10.0.0.7", "host", 0, true);

    private final BaseWatch watch =
            new BaseWatch(
                    BASE,
                    new Channels(
                            Ways.of("mqtt", "http"), At.TIMES.silentAfter(), "mqtt", At.seconds(0)),
                    At.TIMES,
                    RandomGenerator.getDefault(),
                    At.seconds(0));

    private static TunnelEvent.HealthReported health(double uptime) {
        return new TunnelEvent.HealthReported(
                BASE.id(),
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.of(Duration.ofMillis((long) (uptime * 1000))),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty()));
    }

    private void asks(double at) {
        watch.questions().health().asked("mqtt", At.seconds(at));
        watch.questions().modules().asked("mqtt", At.seconds(at));
    }

    private void probed(double at) {
        asks(at);
        watch.health(health(100 + at), "mqtt", At.seconds(at + 0.1));
        watch.modules("mqtt", At.seconds(at + 0.1));
    }

    @Test
    void needsHealthAndAListToBeProbed() {
        watch.link("mqtt", true, false, At.seconds(0));
        asks(0);
        watch.health(health(100), "mqtt", At.seconds(0.1));
        assertThat(watch.trust()).isEqualTo(BaseWatch.Trust.UNPROBED);

        watch.modules("mqtt", At.seconds(0.2));

        assertThat(watch.trust()).isEqualTo(BaseWatch.Trust.PROBED);
        assertThat(watch.readiness().ready()).isTrue();
    }

    private static Base saying(String key, String value, String zone) {
        return BASE.with(new BaseTraits(Map.of(key, value), Map.of(), zone, ""));
    }

    @Test
    void traitsAreWhatEachTunnelLastTold() {
        watch.seen(saying("a/k", "mqtt", ""), "mqtt", At.seconds(0));
        watch.seen(saying("a/k", "http", "z"), "http", At.seconds(1));

        assertThat(watch.base().traits().labels()).isEqualTo(Map.of("a/k", "mqtt"));
        assertThat(watch.base().traits().zone()).isEqualTo("z");

        watch.seen(BASE, "mqtt", At.seconds(2));
        assertThat(watch.base().traits().labels()).isEqualTo(Map.of("a/k", "http"));

        watch.seen(BASE, "http", At.seconds(3));
        assertThat(watch.base().traits()).isEqualTo(BaseTraits.NONE);
    }

    @Test
    void isSilentOnlyAfterTheWindowAndAnUnansweredProbe() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);

        assertThat(watch.judge(At.seconds(25.2))).isFalse();
        watch.questions().health().asked("mqtt", At.seconds(25.2));
        assertThat(watch.judge(At.seconds(30))).isFalse();
        assertThat(watch.judge(At.seconds(30.2))).isTrue();
        assertThat(watch.readiness().reason()).isEqualTo(Reason.SILENT);
    }

    @Test
    void askingAgainAndAgainDoesNotPutTheJudgementOff() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);

        for (double at = 1; at < 25; at += 3) {
            watch.questions().health().asked("mqtt", At.seconds(at));
            watch.questions().health().notSent();
        }

        assertThat(watch.judge(At.seconds(25.2))).isTrue();
    }

    @Test
    void aQuestionFromBeforeTheLastSignOfLifeProvesNoSilence() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);
        watch.questions().health().asked("mqtt", At.seconds(10));
        watch.seen(BASE, "mqtt", At.seconds(11));
        assertThat(watch.judge(At.seconds(36.2))).isFalse();

        watch.questions().health().asked("mqtt", At.seconds(36.2));
        watch.questions().health().notSent();

        assertThat(watch.nextLook(At.seconds(36.2))).isLessThanOrEqualTo(At.nanos(41.2));
        assertThat(watch.judge(At.seconds(41.2))).isTrue();
    }

    @Test
    void nobodyIsJudgedWhileTheLinkIsDown() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);
        watch.questions().health().asked("mqtt", At.seconds(10));
        watch.link("mqtt", false, false, At.seconds(11));

        assertThat(watch.judge(At.seconds(4000))).isFalse();
        assertThat(watch.gone(At.seconds(4000))).isFalse();
    }

    @Test
    void theReturnOfTheLinkOpensAFullWindow() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);
        watch.link("mqtt", false, false, At.seconds(5));
        watch.link("mqtt", true, false, At.seconds(1000));
        watch.questions().health().asked("mqtt", At.seconds(1000));

        assertThat(watch.judge(At.seconds(1024))).isFalse();
        assertThat(watch.judge(At.seconds(1025))).isTrue();
    }

    @Test
    void isGoneFiveMinutesAfterTheLastSignOfLife() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);
        watch.questions().health().asked("mqtt", At.seconds(20));
        watch.judge(At.seconds(30));

        assertThat(watch.gone(At.seconds(300))).isFalse();
        assertThat(watch.gone(At.seconds(300.2))).isTrue();
    }

    @Test
    void heartbeatsWithoutAnswersAreNotAnswering() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);
        watch.seen(BASE, "mqtt", At.seconds(20));
        watch.seen(BASE, "mqtt", At.seconds(30));

        assertThat(watch.notAnswering(At.seconds(30))).isFalse();
        assertThat(watch.notAnswering(At.seconds(30.2))).isTrue();
        assertThat(watch.readiness().ready()).isTrue();
    }

    @Test
    void afterSilenceOnlyFreshAnswersCount() {
        watch.link("mqtt", true, false, At.seconds(0));
        probed(0);
        watch.questions().health().asked("mqtt", At.seconds(20));
        watch.judge(At.seconds(30));

        probed(31);

        assertThat(watch.trust()).isEqualTo(BaseWatch.Trust.PROBED);
    }

    @Test
    void aQuestionThatStaysUnansweredIsAskedOverTheOtherTunnel() {
        bothTunnels();
        probed(0);
        asks(20);
        watch.heard("mqtt", At.seconds(24));
        watch.heard("http", At.seconds(24));

        assertThat(watch.choose(At.seconds(24.9))).isFalse();
        assertThat(watch.choose(At.seconds(25))).isTrue();
        assertThat(watch.tunnel()).isEqualTo("http");
        assertThat(watch.questions().leaving("http", At.seconds(25))).hasSize(2);
        assertThat(watch.trust()).isEqualTo(BaseWatch.Trust.PROBED);
    }

    @Test
    void anAnswerOverAnotherTunnelThanAskedIsASignOfLifeAndNoEvidence() {
        bothTunnels();
        asks(0);

        watch.health(health(100), "http", At.seconds(1));
        assertThat(watch.modules("http", At.seconds(1))).isEmpty();

        assertThat(watch.trust()).isEqualTo(BaseWatch.Trust.UNPROBED);
        assertThat(watch.modules("mqtt", At.seconds(1.1))).isPresent();
    }

    @Test
    void theOtherTunnelsLinkIsEnoughToJudgeByOnlyIfTheBaseWasHeardThere() {
        watch.link("mqtt", true, false, At.seconds(0));
        watch.link("http", true, false, At.seconds(0));
        watch.link("mqtt", false, false, At.seconds(1));

        assertThat(watch.linkUp()).isFalse();
        watch.heard("http", At.seconds(2));
        assertThat(watch.linkUp()).isTrue();
        assertThat(watch.tunnel()).isEqualTo("http");
    }

    @Test
    void aSightingOverTheOtherTunnelOnlyAddsWhatIsNotKnown() {
        bothTunnels();
        Base polled = new Base(BASE.id(), "label", "9", "", "10.0.0.7", "", 1238, true);

        watch.seen(polled, "http", At.seconds(2));

        assertThat(watch.base())
                .isEqualTo(
                        new Base(
                                BASE.id(), "demo", "1", "default", "10.0.0.7", "host", 1238, true));
    }

    @Test
    void aBaseThatTellsAnotherAddressOnEachTunnelIsNoConflict() {
        bothTunnels();
        Base elsewhere = new Base(BASE.id(), "demo", "1", "default", "172.17.0.2", "pod", 1, true);
        for (int at = 1; at < 6; at += 2) {
            watch.seen(BASE, "mqtt", At.seconds(at));
            watch.seen(elsewhere, "http", At.seconds(at + 1));
        }
        assertThat(watch.identityConflict(At.seconds(6))).isFalse();

        watch.seen(elsewhere, "mqtt", At.seconds(7));
        watch.seen(BASE, "mqtt", At.seconds(8));
        assertThat(watch.identityConflict(At.seconds(8))).isTrue();
    }

    @Test
    void aLeavingBaseIsNotReadyUntilAnotherProcessAnswers() {
        bothTunnels();
        probed(0);
        watch.leaving();
        assertThat(watch.readiness().reason()).isEqualTo(Reason.TERMINATING);

        watch.restarted(At.seconds(10));

        assertThat(watch.isLeaving()).isFalse();
    }

    @Test
    void aBaseThatIsNoMoreIsGoneAtOnce() {
        bothTunnels();
        probed(0);
        watch.vanished();

        assertThat(watch.gone(At.seconds(1))).isTrue();
    }

    @Test
    void aNewBaseThatCannotBeReachedYetIsAskedAgainSoon() {
        bothTunnels();
        watch.questions().leaving("mqtt", At.seconds(0));

        watch.notReached(watch.questions().health(), At.seconds(0.1));

        assertThat(watch.questions().leaving("mqtt", At.seconds(0.5))).isEmpty();
        assertThat(watch.questions().leaving("mqtt", At.seconds(0.6))).hasSize(1);
    }

    @Test
    void aCommandThatDidNotReachTheBaseKeepsTheOthersWaitingForAMoment() {
        bothTunnels();
        watch.commandNotReached(At.seconds(5));

        assertThat(watch.pausedUntil()).isEqualTo(At.seconds(5).plus(At.TIMES.writeRetry()));
    }

    private void bothTunnels() {
        watch.link("mqtt", true, false, At.seconds(0));
        watch.link("http", true, false, At.seconds(0));
    }
}
