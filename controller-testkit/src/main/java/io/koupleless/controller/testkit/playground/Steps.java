package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.process.Progress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** Runs one step after the other and shows each as it happens. */
final class Steps implements AutoCloseable {
    private static final long SCREEN_BEAT_MILLIS = 250;
    private static final long LOG_BEAT_MILLIS = 5_000;
    private static final long FIRST_LOG_BEAT_MILLIS = 2_000;

    private final Terminal terminal;
    private final long started = System.nanoTime();
    private final ScheduledExecutorService clock =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("steps").factory());

    Steps(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Work that tells what it is doing. */
    @FunctionalInterface
    interface Work<T> {
        T run(Progress progress) throws Exception;
    }

    /**
     * Runs the work and shows it; fails with a {@link StepFailedException} for any reason.
     *
     * @param results the lines that tell what has come of it
     */
    <T> T run(String name, Work<T> work, Function<T, List<String>> results) {
        long begin = System.nanoTime();
        AtomicReference<String> state = new AtomicReference<>("");
        Runnable show = () -> terminal.running(name, since(begin), state.get());
        boolean screen = terminal.isScreen();
        var beat =
                clock.scheduleAtFixedRate(
                        show,
                        screen ? SCREEN_BEAT_MILLIS : FIRST_LOG_BEAT_MILLIS,
                        screen ? SCREEN_BEAT_MILLIS : LOG_BEAT_MILLIS,
                        TimeUnit.MILLISECONDS);
        try {
            T result = work.run(state::set);
            beat.cancel(false);
            terminal.done(name, since(begin), results.apply(result));
            return result;
        } catch (Exception e) {
            beat.cancel(false);
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            throw new StepFailedException(name, since(begin), e);
        }
    }

    Duration elapsed() {
        return since(started);
    }

    @Override
    public void close() {
        clock.shutdownNow();
    }

    private static Duration since(long begin) {
        return Duration.ofNanos(System.nanoTime() - begin);
    }
}
