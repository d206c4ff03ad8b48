package io.koupleless.controller.vnode;

import io.koupleless.controller.base.BaseHealth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Keeps a module that fails again and again from filling the metaspace of the base that it shares.
 *
 * <p>Reinstalls stop while more than a share of the maximum is used, and after a number of them in
 * an hour during which the used metaspace did not fall.
 */
final class MetaspaceGuard {
    private static final Duration WINDOW = Duration.ofHours(1);

    private record Reinstall(long at, long used) {}

    private final VNodeSettings.Limits limits;
    private final Deque<Reinstall> reinstalls = new ArrayDeque<>();

    MetaspaceGuard(VNodeSettings.Limits limits) {
        this.limits = limits;
    }

    void reinstalled(Optional<BaseHealth> health, Moment now) {
        forgetOld(now);
        reinstalls.addLast(new Reinstall(now.nanos(), used(health)));
        while (reinstalls.size() > limits.reinstallsPerHour()) {
            reinstalls.pollFirst();
        }
    }

    boolean open(Optional<BaseHealth> health, Moment now) {
        forgetOld(now);
        return !nearlyFull(health) && !risingForLong(health);
    }

    private boolean nearlyFull(Optional<BaseHealth> health) {
        long most = health.map(h -> h.maxMetaspace().orElse(0)).orElse(0L);
        return most > 0 && used(health) * 100 > most * limits.metaspacePercent();
    }

    private boolean risingForLong(Optional<BaseHealth> health) {
        Reinstall first = reinstalls.peekFirst();
        return first != null
                && reinstalls.size() >= limits.reinstallsPerHour()
                && used(health) >= first.used();
    }

    void baseRestarted() {
        reinstalls.clear();
    }

    private static long used(Optional<BaseHealth> health) {
        return health.map(h -> h.usedMetaspace().orElse(0)).orElse(0L);
    }

    private void forgetOld(Moment now) {
        while (!reinstalls.isEmpty()
                && now.reached(reinstalls.peekFirst().at() + WINDOW.toNanos())) {
            reinstalls.pollFirst();
        }
    }
}
