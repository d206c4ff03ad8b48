package io.koupleless.controller.testkit.process;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.ProcessBuilder.Redirect;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A process started by this JVM, which ends at the latest together with it: by a shutdown hook, and
 * if this JVM is killed outright, by {@link OrphanGuard}.
 */
public final class ChildProcess implements AutoCloseable {
    private static final Duration GRACE = Duration.ofSeconds(4);

    private final Launch launch;
    private final Process process;

    private ChildProcess(Launch launch, Process process) {
        this.launch = launch;
        this.process = process;
    }

    public static ChildProcess start(Launch launch) {
        ProcessBuilder builder =
                new ProcessBuilder(launch.command())
                        .directory(launch.directory().toFile())
                        .redirectErrorStream(true)
                        .redirectInput(Redirect.from(new java.io.File("/dev/null")))
                        .redirectOutput(Redirect.appendTo(launch.log().toFile()));
        builder.environment().putAll(launch.environment());
        try {
            ChildProcess child = new ChildProcess(launch, builder.start());
            OrphanGuard.watch(child.process);
            CloseAtExit.add(child);
            child.process.onExit().thenRun(() -> CloseAtExit.remove(child));
            return child;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s cannot be started: %s".formatted(launch.name(), e.getMessage()), e);
        }
    }

    public String name() {
        return launch.name();
    }

    public Launch launch() {
        return launch;
    }

    public long pid() {
        return process.pid();
    }

    public boolean isAlive() {
        return process.isAlive();
    }

    /** Completes with the exit code. */
    public CompletableFuture<Integer> ended() {
        return process.onExit().thenApply(Process::exitValue);
    }

    /** Fails with the last words of a process that should be there but is not. */
    public void requireAlive() {
        if (!process.isAlive()) {
            throw new ProcessEndedException(launch, process.exitValue());
        }
    }

    /** SIGKILL, and waits until it is gone. */
    public void kill() {
        process.destroyForcibly();
        awaitEnd(Duration.ofSeconds(10));
    }

    /** SIGSTOP: it lives and holds its connections, but does nothing. */
    public void pause() {
        signal("STOP");
    }

    /** SIGCONT: a paused process goes on. */
    public void resume() {
        signal("CONT");
    }

    /** SIGTERM, and SIGKILL for itself and its children if it has not ended a few seconds later. */
    @Override
    public void close() {
        List<ProcessHandle> descendants = process.descendants().toList();
        process.destroy();
        if (!awaitEnd(GRACE)) {
            process.destroyForcibly();
            awaitEnd(GRACE);
        }
        descendants.forEach(ProcessHandle::destroyForcibly);
    }

    /** Closes all at the same time. */
    public static void closeAll(List<? extends @Nullable AutoCloseable> all) {
        CloseAtExit.closeTogether(all);
    }

    private void signal(String name) {
        try {
            int code =
                    new ProcessBuilder("kill", "-" + name, Long.toString(pid())).start().waitFor();
            if (code != 0) {
                throw new IllegalStateException(
                        "cannot send SIG%s to %s (pid %d)".formatted(name, launch.name(), pid()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while signalling " + launch.name(), e);
        }
    }

    private boolean awaitEnd(Duration limit) {
        try {
            return process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
            return false;
        }
    }
}
