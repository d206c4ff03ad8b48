package io.koupleless.controller.arklet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.FailureCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The table of failures covers every failure that was recorded, and the docs are that table. */
class FailureTableTest {
    private static final Path DOCS = Path.of("..", "docs", "failures.md");
    private static final String HEAD =
            "| code | tried again | recorded answers of bases |\n| --- | --- | --- |\n";

    /** One is never sent; what the other left undone is tried singly, which tells why. */
    private static final String WITHOUT_CODE = ".*(switchBiz|batchInstallBiz).*";

    @Test
    void theDocsHaveTheTable() throws Exception {
        String table = table();

        assertThat(Files.readString(DOCS)).as("the table has to be%n%s", table).contains(table);
    }

    private static String table() throws MalformedMessageException {
        Map<FailureCode, Integer> recorded = recorded();
        return Stream.of(FailureCode.values())
                .map(row ->
                        "| `%s` | %s | %s |"
                                .formatted(
                                        row.code(),
                                        row.again(),
                                        counted(recorded.getOrDefault(row, 0))))
                .collect(Collectors.joining("\n", HEAD, "\n"));
    }

    private static String counted(int answers) {
        return answers == 0 ? "" : Integer.toString(answers);
    }

    private static Map<FailureCode, Integer> recorded() throws MalformedMessageException {
        Map<FailureCode, Integer> recorded = new EnumMap<>(FailureCode.class);
        for (Capture capture : Capture.all()) {
            Optional<CaptureTable.Row> row = CaptureTable.rowFor(capture);
            if (row.isPresent()
                    && row.get().expectation() instanceof Expectation.FailedSo(var failure, var _)
                    && capture.decode() instanceof TunnelEvent.CommandAnswered answered) {
                recorded.merge(FailureCode.of(answered.operation(), failure), 1, Integer::sum);
            }
        }
        return recorded;
    }

    /** Whoever records a new refusal has to say what it means. */
    @Test
    void everyRefusalThatWasRecordedHasItsRow() {
        assertThat(Capture.all())
                .filteredOn(FailureTableTest::isRefusal)
                .filteredOn(capture -> !capture.path().matches(WITHOUT_CODE))
                .isNotEmpty()
                .allSatisfy(capture ->
                        assertThat(CaptureTable.rowFor(capture).orElseThrow().expectation())
                                .isInstanceOf(Expectation.FailedSo.class));
    }

    private static boolean isRefusal(Capture capture) {
        if (capture.isRequest()) {
            return false;
        }
        try {
            return capture.decode() instanceof TunnelEvent.CommandAnswered answered
                    && answered.answer() instanceof Answer.Failed;
        } catch (MalformedMessageException e) {
            return false;
        }
    }

    @ParameterizedTest
    @EnumSource(FailureCode.class)
    void theDocsSayWhatToDoAboutEachCode(FailureCode code) throws IOException {
        assertThat(Files.readAllLines(DOCS))
                .as("a row that says what %s means and what to do", code.code())
                .anyMatch(line ->
                        line.startsWith("|")
                                && line.contains("`" + code.code() + "` | ")
                                && !line.contains("| " + code.again() + " |"));
    }

    @ParameterizedTest
    @EnumSource(Answer.Failure.class)
    void everyKindOfRefusalHasACodeOfItsOperation(Answer.Failure failure) {
        FailureCode install = FailureCode.of(Operation.INSTALL, failure);
        FailureCode uninstall = FailureCode.of(Operation.UNINSTALL, failure);

        assertThat(uninstall).isEqualTo(FailureCode.UNINSTALL);
        assertThat(install).isNotEqualTo(FailureCode.UNINSTALL);
        assertThat(FailureCode.ofReason(install.code())).contains(install);
    }
}
