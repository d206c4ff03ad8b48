package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseHealth;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class MetaspaceGuardTest {
    private final MetaspaceGuard guard = new MetaspaceGuard(VNodeSettings.Limits.defaults());

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

    @Test
    void closesAbove85Percent() {
        assertThat(guard.open(health(85, 100), At.seconds(0))).isTrue();
        assertThat(guard.open(health(86, 100), At.seconds(0))).isFalse();
        assertThat(guard.open(health(86, -1), At.seconds(0))).isTrue();
        assertThat(guard.open(Optional.empty(), At.seconds(0))).isTrue();
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

        guard.baseRestarted();

        assertThat(guard.open(health(60, -1), At.seconds(20))).isTrue();
    }
}
