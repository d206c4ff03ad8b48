package io.koupleless.controller.app.benchmark;

import java.time.Duration;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * 100 fake bases at the wire, a real API server, the controller as its jar: 1,000 Pods at once, 200
 * deleted at once, and what a quiet fleet costs; over MQTT, then over HTTP.
 */
class FloorsBenchmark {
    private static final int BASES = Integer.getInteger("benchmark.bases", 100);
    private static final int PODS = Integer.getInteger("benchmark.pods", 1_000);
    private static final int DELETED = Integer.getInteger("benchmark.deleted", 200);
    private static final Duration QUIET =
            Duration.ofSeconds(Integer.getInteger("benchmark.quietSeconds", 180));

    static Stream<String> tunnels() {
        return Stream.of(System.getProperty("benchmark.tunnels", "mqtt,http").split(",", -1));
    }

    @ParameterizedTest
    @MethodSource("tunnels")
    void measure(String profile) throws Exception {
        try (Bench bench = new Bench(profile, BASES)) {
            Bench.Burst burst = bench.burst("bench", PODS, -1);
            double deleted = bench.delete("bench", DELETED);
            double writes = bench.writesPerMinuteAndBase(QUIET);
            System.out.printf(
                    "%s: %d bases, %d Pods at once: %s; %d deleted in %.2f s;"
                            + " quiet: %.2f API writes per minute and base;"
                            + " %d threads, %d MB at most%n",
                    profile,
                    BASES,
                    PODS,
                    burst,
                    DELETED,
                    deleted,
                    writes,
                    bench.peakThreads(),
                    bench.peakMegabytes());
        }
    }
}
