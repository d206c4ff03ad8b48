package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.testkit.tunnel.ManualTicker;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class CircuitTest {
    private final ManualTicker ticker = new ManualTicker();
    private final Circuit circuit = new Circuit(Client.defaults(), ticker);

    @Test
    void threeFailuresInARowOpenIt() {
        fail(2);
        assertThat(circuit.admits()).isTrue();
        circuit.failed();
        assertThat(circuit.admits()).isFalse();
    }

    @Test
    void aSuccessInBetweenStartsTheCountAnew() {
        fail(2);
        circuit.worked();
        fail(2);
        assertThat(circuit.admits()).isTrue();
    }

    @Test
    void afterThePauseOneAttemptIsMadeAndDecides() {
        fail(3);
        ticker.advance(Duration.ofMillis(500));
        assertThat(circuit.admits()).isTrue();
        assertThat(circuit.admits()).isFalse();
        circuit.worked();
        assertThat(circuit.admits()).isTrue();
        assertThat(circuit.admits()).isTrue();
    }

    @Test
    void anAttemptThatDecidesNothingMayBeRepeated() {
        fail(3);
        ticker.advance(Duration.ofMillis(500));
        assertThat(circuit.admits()).isTrue();
        circuit.undecided();
        assertThat(circuit.admits()).isTrue();
    }

    @Test
    void thePauseGrowsToItsCapAndIsNeverShorterThanHalfOfIt() {
        fail(4); // 1 s
        ticker.advance(Duration.ofMillis(499));
        assertThat(circuit.admits()).isFalse();
        ticker.advance(Duration.ofMillis(501));
        assertThat(circuit.admits()).isTrue();
        fail(20);
        ticker.advance(Duration.ofMillis(4_999));
        assertThat(circuit.admits()).isFalse();
        ticker.advance(Duration.ofMillis(5_001));
        assertThat(circuit.admits()).isTrue();
    }

    private void fail(int times) {
        for (int i = 0; i < times; i++) {
            circuit.failed();
        }
    }
}
