package io.koupleless.controller.app.benchmark;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** From sending the create to the watch event Ready=True, in milliseconds, ascending. */
record Latencies(double[] millis) {

    static Latencies of(List<String> pods, Map<String, Long> sent, Map<String, Long> ready) {
        return new Latencies(
                pods.stream()
                        .mapToDouble(pod -> (ready.get(pod) - sent.get(pod)) / 1e6)
                        .sorted()
                        .toArray());
    }

    double p50() {
        return millis[millis.length / 2];
    }

    double p99() {
        return millis[(int) (millis.length * 0.99)];
    }

    double most() {
        return millis[millis.length - 1];
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Latencies(double[] theirs) && Arrays.equals(millis, theirs);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(millis);
    }

    @Override
    public String toString() {
        return "p50 %.0f ms, p99 %.0f ms, most %.0f ms".formatted(p50(), p99(), most());
    }
}
