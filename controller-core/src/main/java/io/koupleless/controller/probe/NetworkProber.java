package io.koupleless.controller.probe;

import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.Target;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;

/**
 * Runs so many checks at once, each on a virtual thread, the rest in the order in which they came.
 *
 * <p>Whoever calls has only a few under way for each base: so the queue is bounded by the number of
 * bases, and one that hangs holds back nobody else.
 */
public final class NetworkProber implements Prober, AutoCloseable {
    private final ExecutorService workers;
    private final HttpCheck http;
    private final TcpCheck tcp = new TcpCheck();

    /**
     * @param atOnce checks under way in this process
     * @param userAgent sent unless the Pod says otherwise
     */
    public NetworkProber(int atOnce, String userAgent) {
        this.workers =
                Executors.newFixedThreadPool(
                        atOnce, Thread.ofVirtual().name("probes-", 0).factory());
        this.http = new HttpCheck(userAgent);
    }

    @Override
    public void check(Target target, Duration timeout, Consumer<CheckResult> then) {
        try {
            workers.execute(() -> then.accept(run(target, timeout)));
        } catch (RejectedExecutionException e) {
            then.accept(new CheckResult.Unasked("the controller is stopping"));
        }
    }

    private CheckResult run(Target target, Duration timeout) {
        try {
            return switch (target) {
                case Target.Http get -> http.run(get, timeout);
                case Target.Tcp connect -> tcp.run(connect, timeout);
            };
        } catch (RuntimeException e) {
            return new CheckResult.Unasked(String.valueOf(e.getMessage()));
        }
    }

    @Override
    public void close() {
        workers.shutdownNow();
        http.close();
    }
}
