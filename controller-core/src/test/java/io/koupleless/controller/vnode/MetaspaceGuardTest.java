package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseHealth;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MetaspaceGuardTest {
    private final MetaspaceGuard guard =
            new MetaspaceGuard(VNodeSettings.Limits.defaults(), VNodeSettings.Metaspace.defaults());

    private static Optional<BaseHealth> health(long used, long most) {
        return Optional.of(
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.empty(),
                        OptionalLong.of(used),
                        OptionalLong.empty(),
                        most < 0 ? OptionalLong.empty() : OptionalLong.of(most),
                        OptionalLong.empty(),
                        Optional.empty()));
    }

    private boolean openAt(long used, long most) {
        return guard.open(health(used, most), At.seconds(0));
    }

    @Test
    void closesAbove85PercentUntilBelow80() {
        assertThat(openAt(85, 100)).isTrue();
        assertThat(openAt(86, 100)).isFalse();
        assertThat(openAt(81, 100)).isFalse();
        assertThat(openAt(80, 100)).isFalse();
        assertThat(openAt(79, 100)).isTrue();
        assertThat(openAt(85, 100)).isTrue();
    }

    @Test
    void withoutAMaximumOrAnAnswerThereIsNoPressure() {
        assertThat(openAt(86, -1)).isTrue();
        guard.measured(Optional.empty());
        assertThat(guard.pressure()).isFalse();
    }

    @Test
    void closesAfterTenReinstallsInAnHourThatOnlyTook() {
        for (int i = 0; i < 10; i++) {
            assertThat(guard.open(health(50 + i, -1), At.seconds(i))).isTrue();
            guard.reinstalled(health(50 + i, -1), At.seconds(i));
        }

        assertThat(guard.open(health(60, -1), At.seconds(20))).isFalse();
        assertThat(guard.open(health(49, -1), At.seconds(20))).isTrue();
        assertThat(guard.open(health(60, -1), At.seconds(3600))).isTrue();
    }

    @Test
    void aNewProcessStartsAtZero() {
        for (int i = 0; i < 10; i++) {
            guard.reinstalled(health(50, -1), At.seconds(i));
        }

        guard.measured(health(99, 100));
        guard.baseRestarted();

        assertThat(guard.pressure()).isFalse();
        assertThat(guard.open(health(60, -1), At.seconds(20))).isTrue();
    }
}
