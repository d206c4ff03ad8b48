package io.koupleless.controller.kube;

import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import okhttp3.Interceptor;
import okhttp3.Request;
import okhttp3.Response;

/** Bounds the requests under way, waits when the API server asks for it, and counts them all. */
final class ApiTraffic implements Interceptor {
    private static final String REQUESTS = "module.controller.api.requests";
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int ATTEMPTS = 3;

    /** Longer than this is the caller's to wait for: a lease must not be late for a list. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(4);

    private final Semaphore permits;
    private final Duration patience;
    private final MeterRegistry meters;
    private final CountDownLatch closed = new CountDownLatch(1);

    ApiTraffic(KubeClientSettings settings, MeterRegistry meters) {
        this.permits = new Semaphore(settings.concurrency(), true);
        this.patience = settings.callTimeout();
        this.meters = meters;
    }

    /** Ends all waiting. */
    void close() {
        closed.countDown();
    }

    @Override
    public Response intercept(Chain chain) throws IOException {
        for (int attempt = 1; ; attempt++) {
            Response response = bounded(chain);
            Optional<Duration> pause =
                    attempt < ATTEMPTS ? pauseAskedBy(response) : Optional.empty();
            if (pause.isEmpty()) {
                return response;
            }
            response.close();
            await(pause.get());
        }
    }

    private Response bounded(Chain chain) throws IOException {
        acquire();
        try {
            return counted(chain);
        } finally {
            permits.release();
        }
    }

    private Response counted(Chain chain) throws IOException {
        Request request = chain.request();
        try {
            Response response = chain.proceed(request);
            count(request, String.valueOf(response.code()));
            return response;
        } catch (IOException e) {
            count(request, "none");
            throw e;
        }
    }

    private void count(Request request, String code) {
        ApiCall call = ApiCall.of(request);
        meters.counter(REQUESTS, "verb", call.verb(), "resource", call.resource(), "code", code)
                .increment();
    }

    private static Optional<Duration> pauseAskedBy(Response response) {
        String seconds = response.header("Retry-After");
        if (response.code() != TOO_MANY_REQUESTS || seconds == null) {
            return Optional.empty();
        }
        try {
            return Optional.of(Duration.ofSeconds(Long.parseLong(seconds.trim())))
                    .filter(pause -> !pause.isNegative() && pause.compareTo(LONGEST_PAUSE) <= 0);
        } catch (NumberFormatException | ArithmeticException e) {
            return Optional.empty();
        }
    }

    private void acquire() throws IOException {
        try {
            if (!permits.tryAcquire(patience.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("too many requests under way");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private void await(Duration pause) throws IOException {
        try {
            if (closed.await(pause.toNanos(), TimeUnit.NANOSECONDS)) {
                throw new IOException("closed");
            }
        } catch (InterruptedException e) {
            throw interrupted();
        }
    }

    private static IOException interrupted() {
        Thread.currentThread().interrupt();
        return new InterruptedIOException("interrupted");
    }
}
