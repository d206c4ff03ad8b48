package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailureWordsTest {
    @Test
    void theDeepestCauseIsKeptAsItIs() {
        String trace =
                """
                a.ArkletRuntimeException: x
                \tat a.B.c(B.java:1)
                Caused by: a.X: one
                \t... 3 more
                Caused by: a.Y: two: three
                second line
                \tat a.B.d(B.java:2)
                """;

        assertThat(cause("Internal Error: x", trace)).isEqualTo("a.Y: two: three");
    }

    @Test
    void theCauseOfSomethingSuppressedIsNotTheCause() {
        String trace =
                """
                a.X: m
                \tat a.B.c(B.java:1)
                Caused by: a.Y: why
                \tat a.B.d(B.java:2)
                \tSuppressed: a.Z: closing
                \tCaused by: a.W: unrelated
                """;

        assertThat(cause("m", trace)).isEqualTo("a.Y: why");
    }

    @ParameterizedTest
    @CsvSource({
        "Internal Error: bizUrl should not be blank, bizUrl should not be blank",
        "Internal Error: java.io.IOException: x, java.io.IOException: x",
        "ArkletRuntimeException: x, x",
        "Internal Error: a.b.ArkletRuntimeException: x, x",
        "a.b.CommandValidationException: x, x",
        "FAILED: x, FAILED: x",
        "'Internal Error: ', 'Internal Error:'"
    })
    void withoutCausesItIsTheMessageWithoutWrappers(String message, String cause) {
        assertThat(cause(message, "")).isEqualTo(cause);
    }

    @Test
    void onlyTheFirstLineOfAMessageCounts() {
        assertThat(cause("\n first \r\nsecond", "")).isEqualTo("first");
    }

    @Test
    void aRemarkSaysMoreThanAGeneralMessage() {
        assertThat(cause("uninstall biz not success!", "Master biz must not be uninstalled."))
                .isEqualTo("Master biz must not be uninstalled.");
    }

    @Test
    void theFirstLineOfATraceSaysMoreThanNothing() {
        String trace = "java.lang.NullPointerException\n\tat a.B.c(B.java:1)\n";

        assertThat(cause("Internal Error: null", trace))
                .isEqualTo("java.lang.NullPointerException");
        assertThat(cause("", trace)).isEqualTo("java.lang.NullPointerException");
        assertThat(cause("own words", trace)).isEqualTo("own words");
    }

    @Test
    void aLongCauseIsCutAndNeverInsideACharacter() {
        String cut =
                cause("m", "Caused by: " + "x".repeat(511) + "\uD83D\uDE00" + "y".repeat(1000));

        assertThat(cut).isEqualTo("x".repeat(511));
        assertThat(cause("x".repeat(5000), "")).hasSize(512);
    }

    @Test
    void emptyCausesAreSkipped() {
        assertThat(cause("m", "Caused by: \nCaused by: a.X: why\nCaused by:   \n"))
                .isEqualTo("a.X: why");
    }

    private static String cause(String message, String detail) {
        return new FailureWords(message, detail).cause();
    }
}
