package io.koupleless.controller.vnode;

import static io.koupleless.controller.tunnel.Operation.INSTALL;
import static io.koupleless.controller.tunnel.Operation.UNINSTALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SlotTest {
    private static final Optional<ModuleStatus> ACTIVE =
            Optional.of(ModuleStatus.of(At.BIZ, ModuleState.ACTIVATED));
    private static final String JAR = "hash";
    private static final Duration THIRTY = Duration.ofSeconds(30);

    private final Slot slot = new Slot(At.BIZ, At.seconds(0));

    @Test
    void anAnswerToTheFirstTwinIsNotTheSecondOnes() {
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(1));
        slot.expire(At.seconds(31));
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(40));

        assertThat(slot.answered(UNINSTALL, At.seconds(41))).isFalse();
        assertThat(slot.oppositeIsOver(INSTALL)).isFalse();

        assertThat(slot.answered(UNINSTALL, At.seconds(42))).isTrue();
        slot.listed(At.nanos(43), Optional.empty());
        assertThat(slot.oppositeIsOver(INSTALL)).isTrue();
    }

    @Test
    void afterTwoDeadlinesAnAnswerCanOnlyBeToTheNextCommand() {
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(0));
        slot.expire(At.seconds(30));
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(60));

        assertThat(slot.answered(INSTALL, At.seconds(61))).isTrue();
        assertThat(slot.flight()).isEmpty();
    }

    @Test
    void theOppositeWaitsForTwoDeadlinesAndAListAfterThem() {
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(0));
        slot.expire(At.seconds(30));

        slot.listed(At.nanos(59), Optional.empty());
        assertThat(slot.oppositeIsOver(INSTALL)).isFalse();
        slot.listed(At.nanos(60), Optional.empty());
        assertThat(slot.oppositeIsOver(INSTALL)).isTrue();
    }

    @Test
    void busyIsTheAnswerToATwinAndTheCommandIsStillInFlight() {
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(1));

        assertThat(slot.refusedAsBusy(INSTALL, At.seconds(2))).isFalse();
        assertThat(slot.flight()).isPresent();
        assertThat(slot.unanswered(INSTALL)).isEqualTo(1);
        assertThat(slot.answered(INSTALL, At.seconds(3))).isTrue();
    }

    @Test
    void busyAnswersTheUninstallThatAHangingInstallKeepsOut() {
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(1));
        slot.expire(At.seconds(31));
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(70));

        assertThat(slot.refusedAsBusy(UNINSTALL, At.seconds(71))).isTrue();
        assertThat(slot.unanswered(UNINSTALL)).isZero();
        assertThat(slot.unanswered(INSTALL)).isEqualTo(1);
    }

    @Test
    void anInstallWithoutAnswerIsUnderWayForTwoDeadlinesAndUntilAListAfterThem() {
        slot.sent(INSTALL, JAR, At.TIMES.installDeadline(), At.seconds(0));
        slot.expire(At.seconds(60));

        slot.listed(At.nanos(119), Optional.empty());
        assertThat(slot.jarUnderWay()).contains(JAR);
        slot.listed(At.nanos(120), Optional.empty());
        assertThat(slot.jarUnderWay()).isEmpty();
    }

    @Test
    void aBatchIsOverAfterTwoOfItsOwnDeadlines() {
        slot.sent(INSTALL, JAR, Duration.ofMinutes(5), At.seconds(0));
        slot.expire(At.seconds(300));

        slot.listed(At.nanos(310), Optional.empty());
        assertThat(slot.oppositeIsOver(UNINSTALL)).isFalse();
        slot.listed(At.nanos(600), Optional.empty());
        assertThat(slot.oppositeIsOver(UNINSTALL)).isTrue();
    }

    @Test
    void aCommandThatNeverLeftDoesNotHideTheOneBefore() {
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(0));
        slot.expire(At.seconds(30));
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(31));
        slot.notSent(UNINSTALL);

        slot.listed(At.nanos(32), Optional.empty());
        assertThat(slot.oppositeIsOver(INSTALL)).isFalse();
        slot.listed(At.nanos(60), Optional.empty());
        assertThat(slot.oppositeIsOver(INSTALL)).isTrue();
    }

    @Test
    void aRepeatedAnswerNeverCountsBelowZero() {
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(0));

        slot.answered(INSTALL, At.seconds(1));
        slot.answered(INSTALL, At.seconds(2));

        assertThat(slot.unanswered()).isZero();
    }

    @Test
    void anAbsenceCountsWhenSeenInTwoListsASecondApart() {
        slot.listed(At.nanos(1), ACTIVE);

        slot.listed(At.nanos(10), Optional.empty());
        assertThat(slot.presence()).isEqualTo(Slot.Presence.DOUBTED);
        slot.listed(At.nanos(10.5), Optional.empty());
        assertThat(slot.presence()).isEqualTo(Slot.Presence.DOUBTED);
        slot.listed(At.nanos(11), Optional.empty());
        assertThat(slot.presence()).isEqualTo(Slot.Presence.ABSENT);
    }

    @Test
    void aListAskedForBeforeTheAnswerIsNoEvidence() {
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(0));
        slot.answered(INSTALL, At.seconds(5));
        slot.confirmPresent(ACTIVE.orElseThrow(), At.seconds(5));

        slot.listed(At.nanos(4.9), Optional.empty());

        assertThat(slot.presence()).isEqualTo(Slot.Presence.PRESENT);
        assertThat(slot.listedSince()).isFalse();
    }

    @Test
    void aListShowsAnInstallInFlightButNeverItsAbsence() {
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(0));

        slot.listed(At.nanos(1), Optional.empty());
        assertThat(slot.presence()).isEqualTo(Slot.Presence.UNKNOWN);
        slot.listed(At.nanos(2), ACTIVE);
        assertThat(slot.state()).contains(ModuleState.ACTIVATED);
    }

    @Test
    void anotherProcessOfTheBaseKeepsOnlyWhatWasSentToIt() {
        slot.sent(UNINSTALL, JAR, THIRTY, At.seconds(1));
        slot.expire(At.seconds(31));
        slot.sent(INSTALL, JAR, THIRTY, At.seconds(90));

        slot.baseRestarted(At.nanos(80), At.seconds(95));

        assertThat(slot.unanswered(UNINSTALL)).isZero();
        assertThat(slot.unanswered(INSTALL)).isEqualTo(1);
        assertThat(slot.flight()).isPresent();
    }

    @Test
    void anInheritedCommandIsInFlightUntilItsOwnDeadline() {
        slot.inherited(INSTALL, JAR, At.nanos(-20), THIRTY, At.seconds(0));

        assertThat(slot.flight()).isPresent();
        assertThat(slot.expire(At.seconds(9.9))).isFalse();
        assertThat(slot.expire(At.seconds(10))).isTrue();
        assertThat(slot.unanswered(INSTALL)).isEqualTo(1);
    }
}
