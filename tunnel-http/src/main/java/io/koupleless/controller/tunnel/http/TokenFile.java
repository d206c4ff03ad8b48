package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The tokens of a file, one a line, so that an old and a new one can be valid together. Read at
 * most once a second; while the file cannot be read the last good tokens stay. Only digests are
 * kept.
 */
final class TokenFile {
    private static final Logger log = LoggerFactory.getLogger(TokenFile.class);
    private static final long REREAD_NANOS = Duration.ofSeconds(1).toNanos();

    private final Path file;
    private final Ticker ticker;
    private List<byte[]> digests = List.of();
    private long readAtNanos;
    private boolean failing;

    TokenFile(Path file, Ticker ticker) {
        this.file = file;
        this.ticker = ticker;
        read();
    }

    /** Compares in a time that tells nothing about the tokens. */
    boolean accepts(String presented) {
        byte[] digest = digest(presented);
        boolean found = false;
        for (byte[] valid : current()) {
            found |= MessageDigest.isEqual(valid, digest);
        }
        return found;
    }

    private synchronized List<byte[]> current() {
        if (ticker.nanos() - readAtNanos >= REREAD_NANOS) {
            read();
        }
        return digests;
    }

    private synchronized void read() {
        readAtNanos = ticker.nanos();
        try {
            digests =
                    Files.readAllLines(file, StandardCharsets.UTF_8).stream()
                            .map(String::strip)
                            .filter(line -> !line.isEmpty())
                            .map(TokenFile::digest)
                            .toList();
            if (digests.isEmpty()) {
                failed("it is empty");
            } else {
                failing = false;
            }
        } catch (IOException e) {
            failed(e.getClass().getSimpleName());
        }
    }

    private void failed(String why) {
        if (!failing) {
            failing = true;
            log.atError()
                    .addKeyValue("file", file)
                    .addKeyValue("why", why)
                    .log(
                            "The file of heartbeat tokens (module-controller.http.token-file) is of no"
                                    + " use");
        }
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256")
                    .digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }
}
