package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ReconnectDelayTest {

    @ParameterizedTest
    @CsvSource({
        "1, 0, 250",
        "1, 1, 500",
        "2, 0, 500",
        "2, 0.5, 750",
        "4, 1, 4000",
        "6, 1, 15000",
        "1000, 0, 7500",
        "1000, 1, 15000"
    })
    void growsToItsCapAndIsHalfRandom(int failures, double random, long millis) {
        assertThat(ReconnectDelay.after(failures, Duration.ofSeconds(15), random))
                .isEqualTo(Duration.ofMillis(millis));
    }
}
