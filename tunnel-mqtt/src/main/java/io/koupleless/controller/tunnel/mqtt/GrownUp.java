package io.koupleless.controller.tunnel.mqtt;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/** The moment when Paho's threads for a new connection run for certain. */
final class GrownUp {
    private final CountDownLatch latch = new CountDownLatch(1);
    private final ScheduledExecutorService timer;
    private final Duration age;

    GrownUp(ScheduledExecutorService timer, Duration age) {
        this.timer = timer;
        this.age = age;
    }

    void born() {
        try {
            timer.schedule(latch::countDown, age.toMillis(), TimeUnit.MILLISECONDS);
        } catch (RejectedExecutionException e) {
            latch.countDown(); // the tunnel is closed
        }
    }

    /** Bounded even when the timer has been stopped. */
    void await() {
        try {
            if (!latch.await(2 * age.toMillis(), TimeUnit.MILLISECONDS)) {
                latch.countDown();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
