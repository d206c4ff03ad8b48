package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.JavaCommand;
import io.koupleless.controller.testkit.process.Launch;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a fleet's heartbeats cost the process that hears them. The fleet is another process; each
 * beat is a connection of its own from an address of its own, as with real bases. Counted is the
 * CPU time of this whole JVM, user and kernel, over a minute in which nothing but heartbeats
 * happens: the tunnel, what the kernel does for it, garbage collection, what is still compiled
 * after the warm-up, and the listener here that only counts. What the controller's core does with a
 * heartbeat is not in it. Under {@code -Plong} the compiler is the one the chart runs with, C1.
 */
@Timeout(300)
class HeartbeatBenchmark {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatBenchmark.class);
    private static final int BASES = 2_000;
    private static final Duration PERIOD = Duration.ofSeconds(12);
    private static final int WARM_UP = 30_000;
    private static final Duration MEASURED = Duration.ofSeconds(60);

    private final Set<BaseId> seen = ConcurrentHashMap.newKeySet();
    private final AtomicLong beats = new AtomicLong();

    @TempDir private Path directory;

    @Test
    void twoThousandBasesCostLessThanATwentiethOfACore() {
        try (HttpTunnel tunnel =
                new HttpTunnel(TestSettings.local(), List.of(), TunnelCounters.none())) {
            tunnel.start(this::heard);
            Awaitility.await().until(tunnel::up);
            warmUp(tunnel.port());
            try (ChildProcess fleet = ChildProcess.start(fleet(tunnel.port(), PERIOD))) {
                Awaitility.await().atMost(Duration.ofMinutes(1)).until(() -> seen.size() == BASES);
                long beatsBefore = beats.get();
                long cpuBefore = cpuNanos();
                long begun = System.nanoTime();
                Awaitility.await()
                        .atMost(MEASURED.multipliedBy(2))
                        .until(() -> System.nanoTime() - begun >= MEASURED.toNanos());
                long wall = System.nanoTime() - begun;
                double share = (double) (cpuNanos() - cpuBefore) / wall;
                double rate = (beats.get() - beatsBefore) * 1e9 / wall;
                log.atInfo()
                        .addKeyValue("bases", BASES)
                        .addKeyValue("beatsPerSecond", "%.0f".formatted(rate))
                        .addKeyValue("percentOfACore", "%.2f".formatted(share * 100))
                        .addKeyValue(
                                "platformThreads",
                                ManagementFactory.getThreadMXBean().getThreadCount())
                        .log("Heartbeats");
                fleet.requireAlive();
                assertThat(rate).isGreaterThan(0.95 * BASES / PERIOD.toSeconds());
                assertThat(share).isLessThan(0.05);
            }
        }
    }

    /** A controller that has run for an hour has compiled what it runs. */
    private void warmUp(int port) {
        try (ChildProcess fleet = ChildProcess.start(fleet(port, Duration.ofSeconds(2)))) {
            Awaitility.await().atMost(Duration.ofMinutes(2)).until(() -> beats.get() > WARM_UP);
            fleet.requireAlive();
        }
        seen.clear();
    }

    private void heard(TunnelEvent event) {
        if (event instanceof TunnelEvent.BaseSeen(var base)) {
            seen.add(base.id());
            beats.incrementAndGet();
        }
    }

    private Launch fleet(int port, Duration period) {
        return new Launch(
                "fleet",
                directory.resolve("fleet.log"),
                List.of(
                        JavaCommand.path(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeartbeatLoad.class.getName(),
                        "http://127.0.0.1:" + port,
                        String.valueOf(BASES),
                        String.valueOf(period.toMillis())));
    }

    private static long cpuNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }
}
