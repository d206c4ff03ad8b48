package io.koupleless.controller.app.benchmark;

import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Threads of the controller at 1,000 bases over HTTP, and how soon it notices one that is gone. */
class ManyBasesBenchmark {
    private static final int BASES = Integer.getInteger("benchmark.bases", 1_000);

    @Test
    void measure() {
        try (Bench bench = new Bench("http", BASES)) {
            long from = System.nanoTime();
            ((BenchFleet.OverHttp) bench.fleet()).end(bench.base(0));
            await("its Node is not Ready")
                    .atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .until(() ->
                            bench.admin()
                                    .get(ApiPath.node("vnode.bench-0.dev"))
                                    .at("/status/conditions")
                                    .toString()
                                    .contains("BaseSilent"));
            System.out.printf(
                    "%d bases: %d threads, %d MB at most; a base that is gone is not Ready after"
                            + " %.1f s%n",
                    BASES,
                    bench.peakThreads(),
                    bench.peakMegabytes(),
                    (System.nanoTime() - from) / 1e9);
        }
    }
}
