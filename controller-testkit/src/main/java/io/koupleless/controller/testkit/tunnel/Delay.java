package io.koupleless.controller.testkit.tunnel;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Runs something later; real time, or a simulation's. */
@FunctionalInterface
public interface Delay {
    void run(Duration after, Runnable task);

    /** Real time, on the JDK's common threads. */
    static Delay real() {
        return (after, task) ->
                CompletableFuture.delayedExecutor(after.toMillis(), TimeUnit.MILLISECONDS)
                        .execute(task);
    }
}
