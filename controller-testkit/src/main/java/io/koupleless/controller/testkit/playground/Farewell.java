package io.koupleless.controller.testkit.playground;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** The end of the playground, as its user sees it. */
record Farewell(Cast cast, Terminal terminal) implements AutoCloseable {
    @Override
    public void close() throws IOException {
        long begin = System.nanoTime();
        terminal.say("");
        terminal.running("stopping", Duration.ZERO, "every process that was started");
        cast.close();
        terminal.done(
                "stopped",
                Duration.ofNanos(System.nanoTime() - begin),
                List.of("nothing is left but " + cast.leaves()));
    }
}
