package io.koupleless.controller.app.benchmark;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.ToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * What one base of 100 that hangs costs the others, over HTTP: pairs of bursts, one with all well
 * and one with a base that takes connections and never answers.
 */
class HungBaseBenchmark {
    private static final int BASES = 100;
    private static final int PAIRS = Integer.getInteger("benchmark.pairs", 5);
    private static final int PODS = Integer.getInteger("benchmark.pods", 1_000);

    @Test
    void measure() throws Exception {
        List<Latencies> well = new ArrayList<>();
        List<Latencies> hung = new ArrayList<>();
        try (Bench bench = new Bench("http", BASES)) {
            bench.burst("warm-up", PODS, -1);
            bench.delete("warm-up", PODS);
            for (int pair = 0; pair < PAIRS; pair++) {
                boolean hungFirst = pair % 2 == 1;
                for (boolean hangs : new boolean[] {hungFirst, !hungFirst}) {
                    String namespace = "pair-" + pair + (hangs ? "-hung" : "-well");
                    bench.base(0).answering(!hangs);
                    Bench.Burst burst = bench.burst(namespace, PODS, 0);
                    (hangs ? hung : well).add(burst.latencies());
                    System.out.println(namespace + ": " + burst);
                    bench.base(0).answering(true);
                    bench.delete(namespace, PODS);
                }
            }
        }
        double p50 = median(hung, Latencies::p50) / median(well, Latencies::p50);
        double p99 = median(hung, Latencies::p99) / median(well, Latencies::p99);
        System.out.printf(
                "one of %d hangs: median p50 x %.2f, median p99 x %.2f%n", BASES, p50, p99);
        assertThat(p50).as("p50, hung to well").isLessThanOrEqualTo(1.1);
        assertThat(p99).as("p99, hung to well").isLessThanOrEqualTo(1.3);
    }

    private static double median(List<Latencies> runs, ToDoubleFunction<Latencies> figure) {
        double[] figures = runs.stream().mapToDouble(figure).toArray();
        Arrays.sort(figures);
        return figures[figures.length / 2];
    }
}
