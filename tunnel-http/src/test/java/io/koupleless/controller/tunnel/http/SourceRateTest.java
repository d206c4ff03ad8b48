package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.testkit.tunnel.ManualTicker;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SourceRateTest {
    private final ManualTicker ticker = new ManualTicker();
    private final SourceRate rate = new SourceRate(10, ticker);

    @Test
    void aBurstPassesAndThenTheRate() {
        assertThat(admitted("10.0.0.1", 100)).isEqualTo(60);
        ticker.advance(Duration.ofSeconds(1));
        assertThat(admitted("10.0.0.1", 100)).isEqualTo(10);
        ticker.advance(Duration.ofHours(1));
        assertThat(admitted("10.0.0.1", 100)).isEqualTo(60);
    }

    @Test
    void oneSourceTakesNothingFromAnother() {
        admitted("10.0.0.1", 100);
        assertThat(rate.admits("10.0.0.2")).isTrue();
    }

    @Test
    void manySourcesAreNotKeptForEver() {
        admitted("10.0.0.1", 100);
        IntStream.range(0, 10_000).forEach(i -> rate.admits("source-" + i));
        assertThat(rate.admits("10.0.0.1")).isTrue();
    }

    private long admitted(String source, int requests) {
        return IntStream.range(0, requests).filter(_ -> rate.admits(source)).count();
    }
}
