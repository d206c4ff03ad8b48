package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RetryTest {
    @ParameterizedTest
    @CsvSource({"1, 10", "2, 20", "3, 40", "4, 80", "5, 160", "6, 300", "7, 300", "1000, 300"})
    void doublesUpToFiveMinutes(int failures, int seconds) {
        assertThat(Retry.pause(failures, At.TIMES)).isEqualTo(Duration.ofSeconds(seconds));
    }
}
