package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.arklet.CaptureTable.Row;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Everything that was recorded of bases of two runtimes means what the table says. */
class CapturesTest {

    static List<Capture> captures() {
        return Capture.all();
    }

    @ParameterizedTest
    @MethodSource("captures")
    void everyCaptureMeansWhatTheTableSays(Capture capture) throws Exception {
        Row row = CaptureTable.rowFor(capture).orElse(null);

        assertThat(row).as("a row for %s", capture).isNotNull();
        row.expectation().check(capture);
    }

    @Test
    void everyRowIsAboutSomeCapture() {
        Set<Row> used =
                captures().stream()
                        .flatMap(capture -> CaptureTable.rowFor(capture).stream())
                        .collect(Collectors.toSet());

        assertThat(CaptureTable.rows()).allSatisfy(row -> assertThat(used).contains(row));
    }

    @Test
    void noCaptureIsMissing() {
        assertThat(captures()).hasSize(640);
        assertThat(captures()).filteredOn(Capture::isRequest).hasSize(281);
        assertThat(captures()).filteredOn(Capture::isMqtt).hasSize(46);
        assertThat(captures()).filteredOn(Capture::isHeartbeat).hasSize(10);
    }

    @Test
    void noCaptureTellsWhereItWasRecorded() {
        assertThat(captures())
                .allSatisfy(c -> assertThat(c.text()).doesNotContainPattern("/(work|farm|root)/"));
    }
}
