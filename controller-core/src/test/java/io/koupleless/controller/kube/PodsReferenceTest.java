package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The tables of docs/pods.md are what the code says, and each row names a test that is there. */
class PodsReferenceTest {
    private static final Path FILE = Path.of("..", "docs", "pods.md");
    private static final String BEGIN = "<!-- tables -->\n";
    private static final String END = "<!-- end of tables -->\n";
    private static final List<Path> TESTS =
            Stream.of("controller-core", "controller-app")
                    .map(module -> Path.of("..", module, "src", "test", "java"))
                    .toList();

    @Test
    void theTablesAreThoseOfTheCode() throws IOException {
        String text = Files.readString(FILE);
        String expected =
                text.substring(0, text.indexOf(BEGIN) + BEGIN.length())
                        + tables()
                        + text.substring(text.indexOf(END));
        if (Boolean.getBoolean("pods.write")) {
            Files.writeString(FILE, expected);
            return;
        }

        assertThat(text).as("write it anew with -Dpods.write=true").isEqualTo(expected);
    }

    private static String tables() {
        return table("`spec.`", PodFields.ROWS)
                + table("`spec.containers[].`", ContainerFields.ROWS);
    }

    private static String table(String title, List<? extends SpecField<?>> rows) {
        String head = "\n| %s | is | | shown by |\n| --- | --- | --- | --- |\n".formatted(title);
        return rows.stream().map(PodsReferenceTest::line).collect(Collectors.joining("", head, ""));
    }

    private static String line(SpecField<?> row) {
        return "| `%s` | %s | %s | `%s` |\n"
                .formatted(row.path(), row.treatment(), row.note(), row.test());
    }

    static Stream<String> tests() {
        return Stream.concat(PodFields.ROWS.stream(), ContainerFields.ROWS.stream())
                .map(SpecField::test)
                .distinct();
    }

    @ParameterizedTest
    @MethodSource("tests")
    void theTestIsThere(String test) {
        String file = test.substring(0, test.indexOf('#')) + ".java";
        String method = "void " + test.substring(test.indexOf('#') + 1) + "(";

        assertThat(TESTS.stream().flatMap(PodsReferenceTest::files))
                .filteredOn(path -> path.endsWith(file))
                .singleElement()
                .satisfies(path -> assertThat(Files.readString(path)).contains(method));
    }

    private static Stream<Path> files(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
