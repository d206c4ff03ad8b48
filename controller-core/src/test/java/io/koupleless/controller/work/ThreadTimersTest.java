package io.koupleless.controller.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class ThreadTimersTest {
    private static final long MILLI = 1_000_000;

    @Test
    void alarmsRingInTheOrderOfTheirTimesAndThoseOfThePastAtOnce() throws InterruptedException {
        LinkedBlockingQueue<String> rung = new LinkedBlockingQueue<>();
        CountDownLatch allSet = new CountDownLatch(1);
        try (ThreadTimers timers = new ThreadTimers(() -> 0)) {
            timers.at(-10, () -> awaitQuietly(allSet));
            timers.at(30 * MILLI, () -> rung.add("later"));
            timers.at(10 * MILLI, () -> rung.add("soon"));
            timers.at(-5, () -> rung.add("past"));
            allSet.countDown();

            assertThat(rung.poll(5, TimeUnit.SECONDS)).isEqualTo("past");
            assertThat(rung.poll(5, TimeUnit.SECONDS)).isEqualTo("soon");
            assertThat(rung.poll(5, TimeUnit.SECONDS)).isEqualTo("later");
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aCancelledAlarmNeverRings() throws InterruptedException {
        LinkedBlockingQueue<String> rung = new LinkedBlockingQueue<>();
        try (ThreadTimers timers = new ThreadTimers(() -> 0)) {
            timers.at(1_000 * MILLI, () -> rung.add("cancelled")).cancel();
            timers.at(1_010 * MILLI, () -> rung.add("after it"));

            assertThat(rung.poll(20, TimeUnit.SECONDS)).isEqualTo("after it");
        }
    }

    @Test
    void aThousandAlarmsShareOneThread() throws InterruptedException {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch rung = new CountDownLatch(1_000);
        try (ThreadTimers timers = new ThreadTimers(() -> 0)) {
            for (int i = 0; i < 1_000; i++) {
                timers.at(
                        i * 1_000L,
                        () -> {
                            threads.add(Thread.currentThread());
                            rung.countDown();
                        });
            }
            assertThat(rung.await(5, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(threads).hasSize(1);
    }
}
