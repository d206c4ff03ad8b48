package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.testkit.tunnel.ManualTicker;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenFileTest {
    private final ManualTicker ticker = new ManualTicker();

    @TempDir private Path directory;

    @Test
    void everyLineIsAToken() throws Exception {
        TokenFile tokens = tokens("old\n\n new \n");

        assertThat(tokens.accepts("old")).isTrue();
        assertThat(tokens.accepts("new")).isTrue();
        assertThat(tokens.accepts("")).isFalse();
        assertThat(tokens.accepts("ol")).isFalse();
    }

    @Test
    void aChangeIsSeenWithinASecond() throws Exception {
        TokenFile tokens = tokens("old");
        write("new");
        assertThat(tokens.accepts("new")).isFalse();
        ticker.advance(Duration.ofSeconds(1));
        assertThat(tokens.accepts("new")).isTrue();
        assertThat(tokens.accepts("old")).isFalse();
    }

    @Test
    void aFileThatVanishesTakesNoTokenAway() throws Exception {
        TokenFile tokens = tokens("old");
        Files.delete(file());
        ticker.advance(Duration.ofSeconds(1));
        assertThat(tokens.accepts("old")).isTrue();
    }

    @Test
    void aFileThatWasNeverThereAcceptsNothing() {
        assertThat(new TokenFile(file(), ticker).accepts("")).isFalse();
    }

    private TokenFile tokens(String content) throws Exception {
        write(content);
        return new TokenFile(file(), ticker);
    }

    private void write(String content) throws Exception {
        Files.writeString(file(), content);
    }

    private Path file() {
        return directory.resolve("tokens");
    }
}
