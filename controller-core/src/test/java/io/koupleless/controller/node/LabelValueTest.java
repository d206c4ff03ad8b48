package io.koupleless.controller.node;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LabelValueTest {
    @ParameterizedTest
    @CsvSource({"demo, demo", "a b/c, a-b-c", "--x--, x", "'', ''", "___, ''", "1.0_a, 1.0_a"})
    void makesALegalValue(String text, String value) {
        assertThat(LabelValue.of(text)).isEqualTo(value);
    }

    @ParameterizedTest
    @CsvSource({"62, 62", "63, 63", "64, 63", "300, 63"})
    void cutsAt63(int length, int cut) {
        assertThat(LabelValue.of("a".repeat(length))).hasSize(cut);
    }
}
