package io.koupleless.controller.work;

import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** {@link Timers} on one platform thread. */
public final class ThreadTimers implements Timers, AutoCloseable {
    private final Ticker ticker;
    private final ScheduledThreadPoolExecutor scheduler;

    public ThreadTimers(Ticker ticker) {
        this.ticker = ticker;
        this.scheduler =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofPlatform().name("controller-timers").daemon().factory());
        scheduler.setRemoveOnCancelPolicy(true);
    }

    @Override
    public Alarm at(long atNanos, Runnable task) {
        long delay = Math.max(0, atNanos - ticker.nanos());
        Future<?> future = scheduler.schedule(task, delay, TimeUnit.NANOSECONDS);
        return () -> future.cancel(false);
    }

    @Override
    public void close() {
        scheduler.shutdownNow();
    }
}
