package io.koupleless.controller.vnode;

import io.koupleless.controller.base.BaseHealth;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/**
 * Keeps modules from filling the metaspace of the base that they share.
 *
 * <p>More than a share of the maximum in use is pressure until less than a smaller share is, so
 * that a figure that wavers does not. Reinstalls stop under pressure, and after a number of them in
 * an hour during which the used metaspace did not fall.
 */
final class MetaspaceGuard {
    private static final Duration WINDOW = Duration.ofHours(1);

    private record Reinstall(long at, long used) {}

    private final VNodeSettings.Limits limits;
    private final int clearPercent;
    private boolean pressure;
    private final Deque<Reinstall> reinstalls = new ArrayDeque<>();

    MetaspaceGuard(VNodeSettings.Limits limits, VNodeSettings.Metaspace metaspace) {
        this.limits = limits;
        this.clearPercent = metaspace.clearPercent();
    }

    /** Takes the newest figures. */
    void measured(Optional<BaseHealth> health) {
        long most = health.map(h -> h.maxMetaspace().orElse(0)).orElse(0L);
        int percent = pressure ? clearPercent : limits.metaspacePercent();
        boolean atLeast = pressure && used(health) * 100 == most * percent;
        pressure = most > 0 && (atLeast || used(health) * 100 > most * percent);
    }

    /** More is in use than should be. */
    boolean pressure() {
        return pressure;
    }

    void reinstalled(Optional<BaseHealth> health, Moment now) {
        forgetOld(now);
        reinstalls.addLast(new Reinstall(now.nanos(), used(health)));
        while (reinstalls.size() > limits.reinstallsPerHour()) {
            reinstalls.pollFirst();
        }
    }

    /** The base can bear one more install of a module that failed. */
    boolean open(Optional<BaseHealth> health, Moment now) {
        measured(health);
        forgetOld(now);
        return !pressure && !risingForLong(health);
    }

    private boolean risingForLong(Optional<BaseHealth> health) {
        Reinstall first = reinstalls.peekFirst();
        return first != null
                && reinstalls.size() >= limits.reinstallsPerHour()
                && used(health) >= first.used();
    }

    void baseRestarted() {
        pressure = false;
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
