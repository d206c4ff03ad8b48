package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;

/**
 * Why a module is not running and when it is tried again.
 *
 * @param ref the module
 * @param operation what failed
 * @param reason an error code
 * @param message the root cause
 * @param failures in a row
 * @param pause until the next try, as told to people; zero if there is none, or if it comes at once
 * @param at monotonic instant of the next try
 * @param besideOther another version of that name was there when it failed
 * @param over the module has become active since; {@code at} is when
 */
record Retry(
        ModuleRef ref,
        Operation operation,
        String reason,
        String message,
        int failures,
        Duration pause,
        long at,
        boolean besideOther,
        boolean over) {

    /** So far away that it never comes. */
    static final long NEVER = Long.MAX_VALUE / 2;

    /** Ten seconds, doubled each time, at most five minutes, by default. */
    static Duration pause(int failures, VNodeSettings.Times times) {
        Duration pause = times.backoffFirst();
        for (int i = 1; i < failures && pause.compareTo(times.backoffMost()) < 0; i++) {
            pause = pause.multipliedBy(2);
        }
        return pause.compareTo(times.backoffMost()) > 0 ? times.backoffMost() : pause;
    }

    Retry overAt(Moment now) {
        return new Retry(
                ref, operation, reason, message, failures, pause, now.nanos(), besideOther, true);
    }

    /** What stood in the way is gone: no more patience is needed. */
    Retry dueNow(Moment now) {
        return new Retry(
                ref, operation, reason, message, failures, pause, now.nanos(), false, over);
    }

    boolean blocks(Operation next, Moment now) {
        return next == operation && waiting(now);
    }

    boolean waiting(Moment now) {
        return !over && !now.reached(at);
    }

    boolean saysTheSameAs(Retry other) {
        return reason.equals(other.reason) && message.equals(other.message);
    }

    String told() {
        if (!pause.isZero()) {
            return "back-off " + pause.toSeconds() + "s: " + message;
        }
        return at < NEVER ? message : "not tried again before the Pod changes: " + message;
    }
}
