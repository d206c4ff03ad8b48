package io.koupleless.controller.testkit.process;

import java.io.IOException;
import java.io.Writer;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A shell that reads the ids of our children from a pipe; when the pipe breaks because this JVM was
 * killed outright, it kills those that are left.
 */
final class OrphanGuard {
    private static final String SCRIPT =
            """
            trap '' INT TERM HUP
            alive=' '
            while read -r change pid; do
                case $change in
                    +) alive="$alive$pid " ;;
                    -) alive="${alive%%" $pid "*} ${alive#*" $pid "}" ;;
                esac
            done
            for pid in $alive; do kill -KILL "$pid" 2>/dev/null; done
            """;

    private static @Nullable Writer pipe;

    private OrphanGuard() {}

    static void watch(Process process) {
        write("+ " + process.pid());
        process.onExit().thenRun(() -> write("- " + process.pid()));
    }

    private static synchronized void write(String line) {
        try {
            if (pipe == null) {
                pipe = open();
            }
            pipe.write(line + "\n");
            pipe.flush();
        } catch (IOException e) {
            // Without the guard the shutdown hook still ends the children of a JVM that ends
            // itself.
            System.getLogger(OrphanGuard.class.getName())
                    .log(System.Logger.Level.DEBUG, "no orphan guard", e);
        }
    }

    private static Writer open() throws IOException {
        return new ProcessBuilder("sh", "-c", SCRIPT)
                .redirectErrorStream(true)
                .redirectOutput(Redirect.DISCARD)
                .start()
                .outputWriter(StandardCharsets.UTF_8);
    }
}
