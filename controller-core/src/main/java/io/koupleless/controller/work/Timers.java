package io.koupleless.controller.work;

/** Calls back later; one scheduler serves every timer of the process. */
public interface Timers {

    /** A callback that has not happened yet. */
    interface Alarm {
        void cancel();
    }

    /**
     * @param atNanos on the process's {@link Ticker}; in the past means at once
     * @param task must not block
     */
    Alarm at(long atNanos, Runnable task);
}
