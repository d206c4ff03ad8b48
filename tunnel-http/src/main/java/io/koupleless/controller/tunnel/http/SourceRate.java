package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A bucket of requests for each address that sends. Tomcat's filter counts in windows of its own
 * clock, answers with a page and cannot be asked by a test when it would say no. Only the latest
 * addresses are kept: whoever uses many is bounded by the number of connections.
 */
final class SourceRate {
    private static final int MAX_SOURCES = 10_000;
    private static final int BURST_SECONDS = 6;

    private final double perNano;
    private final double burst;
    private final Ticker ticker;
    private final Map<String, Bucket> buckets = new LinkedHashMap<>(16, 0.75f, true);

    SourceRate(int perSecond, Ticker ticker) {
        this.perNano = (double) perSecond / Duration.ofSeconds(1).toNanos();
        this.burst = (double) perSecond * BURST_SECONDS;
        this.ticker = ticker;
    }

    synchronized boolean admits(String source) {
        long now = ticker.nanos();
        Bucket bucket = buckets.get(source);
        double level =
                bucket == null
                        ? burst
                        : Math.min(burst, bucket.level + (now - bucket.atNanos) * perNano);
        boolean admitted = level >= 1;
        buckets.put(source, new Bucket(admitted ? level - 1 : level, now));
        if (buckets.size() > MAX_SOURCES) {
            buckets.remove(buckets.keySet().iterator().next());
        }
        return admitted;
    }

    private record Bucket(double level, long atNanos) {}
}
