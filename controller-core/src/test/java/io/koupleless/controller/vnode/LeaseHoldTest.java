package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeaseHoldTest {
    private final LeaseHold hold =
            new LeaseHold(
                    new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults()),
                    At.seconds(0));

    private static ObservedLease lease(String holder, String version, int transitions) {
        return new ObservedLease(
                version, holder, Optional.of(At.WALL), Duration.ofSeconds(40), transitions);
    }

    private void reads(Optional<ObservedLease> found, double at) {
        Effect read = hold.next(At.seconds(at)).orElseThrow();
        assertThat(read).isEqualTo(new Effect.ReadLease());
        hold.finished(read, new Outcome.LeaseRead(found), At.seconds(at));
    }

    private LeaseWrite writes(double at, Outcome outcome) {
        Effect write = hold.next(At.seconds(at)).orElseThrow();
        hold.finished(write, outcome, At.seconds(at + 0.5));
        return ((Effect.WriteLease) write).write();
    }

    @Test
    void createsTheLeaseThatIsNotThere() {
        reads(Optional.empty(), 0);

        LeaseWrite write = writes(0, new Outcome.Written("1"));

        assertThat(write.resourceVersion()).isEmpty();
        assertThat(hold.held(At.seconds(34.9))).isTrue();
        assertThat(hold.held(At.seconds(35))).isFalse();
        assertThat(hold.fence()).isEqualTo(At.nanos(35));
    }

    @Test
    void itsOwnOfAnEarlierProcessIsTakenAtOnceAsANewGeneration() {
        reads(Optional.of(lease("me", "5", 2)), 0);

        LeaseWrite write = writes(0, new Outcome.Written("6"));

        assertThat(write.resourceVersion()).contains("5");
        assertThat(write.transitions()).isEqualTo(3);
        assertThat(hold.generation()).isEqualTo(3);
    }

    @Test
    void tellsWhenSomebodyElseHeldItInBetween() {
        reads(Optional.empty(), 0);
        writes(0, new Outcome.Written("1"));
        writes(10, new Outcome.Conflict());
        reads(Optional.of(lease("me", "2", 0)), 11);
        writes(11, new Outcome.Written("3"));
        assertThat(hold.tookOver()).isFalse();

        writes(21, new Outcome.Conflict());
        reads(Optional.of(lease("other", "5", 1)), 22);
        writes(62, new Outcome.Written("6"));

        assertThat(hold.tookOver()).isTrue();
    }

    @Test
    void anothersIsTakenAfterItsWholeDurationUnchanged() {
        reads(Optional.of(lease("other", "5", 2)), 0);

        assertThat(hold.next(At.seconds(39.9))).isEmpty();
        assertThat(hold.held(At.seconds(39.9))).isFalse();
        assertThat(writes(40, new Outcome.Conflict()).holder()).isEqualTo("me");
        reads(Optional.of(lease("other", "6", 2)), 41);
        assertThat(hold.next(At.seconds(60))).isEmpty();
    }

    @Test
    void aConflictIsHarmlessWhileHolderAndGenerationAreOurs() {
        reads(Optional.empty(), 0);
        writes(0, new Outcome.Written("1"));
        writes(10, new Outcome.Conflict());

        reads(Optional.of(lease("me", "2", 0)), 11);

        assertThat(hold.held(At.seconds(11))).isTrue();
        assertThat(writes(11, new Outcome.Written("3")).acquired()).isEmpty();
    }

    @Test
    void aConflictThatShowsAnotherHolderLosesTheLease() {
        reads(Optional.empty(), 0);
        writes(0, new Outcome.Written("1"));
        writes(10, new Outcome.Conflict());

        reads(Optional.of(lease("other", "2", 1)), 11);

        assertThat(hold.held(At.seconds(11))).isFalse();
    }

    @Test
    void renewTimeNeverGoesBack() {
        assertThat(LeaseHold.laterThan(Optional.of(At.WALL), At.WALL.minusSeconds(60)))
                .isEqualTo(At.WALL.plusNanos(1_000));
        assertThat(LeaseHold.laterThan(Optional.of(At.WALL), At.WALL))
                .isEqualTo(At.WALL.plusNanos(1_000));
        assertThat(LeaseHold.laterThan(Optional.of(At.WALL), At.WALL.plusNanos(5_000_999)))
                .isEqualTo(At.WALL.plusNanos(5_000_000));
    }
}
