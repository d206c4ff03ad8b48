package io.koupleless.controller.app;

import java.util.function.IntConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process on an {@link Error} that nobody has caught, as if it had been killed. Whoever
 * waits for what that thread was doing would wait for ever; a process that starts anew goes on from
 * what Kubernetes and the bases say.
 */
final class EndOnError implements Thread.UncaughtExceptionHandler {
    /** EX_SOFTWARE of sysexits.h. */
    private static final int STATUS = 70;

    private static final Logger LOG = LoggerFactory.getLogger(EndOnError.class);

    private final IntConsumer end;

    EndOnError(IntConsumer end) {
        this.end = end;
    }

    /** For all threads that have no handler of their own; shutdown hooks are not waited for. */
    static void install() {
        Thread.setDefaultUncaughtExceptionHandler(new EndOnError(Runtime.getRuntime()::halt));
    }

    @Override
    public void uncaughtException(Thread thread, Throwable thrown) {
        try {
            LOG.atError()
                    .addKeyValue("thread", thread.getName())
                    .setCause(thrown)
                    .log("A thread ended by what nobody has caught");
        } finally {
            // Whoever has no memory left may have none for a line in the log.
            if (thrown instanceof Error) {
                end.accept(STATUS);
            }
        }
    }
}
