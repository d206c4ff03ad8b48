package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.work.Ticker;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Posts commands as arklet takes them. A request first asks for {@code 100 Continue}: one of a
 * base's loops that is busy with an install does not answer, and nothing was sent but the headers;
 * the next connection is dealt to another loop. Callers are virtual threads and may wait.
 */
final class ArkletClient implements AutoCloseable {
    private static final int OK = 200;

    private final HttpClient http;
    private final HttpSettings.Client settings;
    private final Ticker ticker;

    ArkletClient(HttpSettings.Client settings, Executor executor, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.http =
                HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER)
                        .proxy(HttpClient.Builder.NO_PROXY)
                        .connectTimeout(settings.dialTimeout())
                        .executor(executor)
                        .build();
    }

    /**
     * Returns when the request has left.
     *
     * @throws TunnelException.Unavailable nothing was sent
     * @throws TunnelException.Fenced nothing was sent
     */
    Conversation post(BaseAddress to, String command, byte[] body, Fence fence, long deadlineNanos)
            throws TunnelException, InterruptedException {
        @Nullable Exception last = null;
        for (int dial = 0; dial < settings.dials() && left(deadlineNanos) > 0; dial++) {
            Departure departure = new Departure(body, fence);
            CompletableFuture<HttpResponse<byte[]>> answer = send(to, command, departure);
            try {
                long patience = Math.min(settings.dialTimeout().toNanos(), left(deadlineNanos));
                CompletableFuture.anyOf(departure.left(), answer)
                        .get(patience, TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                last = e;
            } catch (TimeoutException e) {
                last = e;
            } catch (InterruptedException e) {
                answer.cancel(true);
                throw e;
            }
            if (!departure.giveUp()) {
                awaitDeparture(departure, answer);
                return new Conversation(answer, deadlineNanos);
            }
            answer.cancel(true);
            refuseIfHopeless(to, answer);
        }
        throw new TunnelException.Unavailable("no answer from " + to + " to a dial", last);
    }

    @Override
    public void close() {
        http.shutdownNow();
    }

    private CompletableFuture<HttpResponse<byte[]>> send(
            BaseAddress to, String command, Departure departure) {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://" + to + "/" + command))
                        .expectContinue(true)
                        .POST(departure)
                        .build();
        return http.sendAsync(request, _ -> new LimitedBody(settings.maxAnswerBytes()));
    }

    private static void awaitDeparture(
            Departure departure, CompletableFuture<HttpResponse<byte[]>> answer)
            throws TunnelException, InterruptedException {
        try {
            departure.left().get(); // decided already, and at once
        } catch (ExecutionException e) {
            answer.cancel(true);
            throw new TunnelException.Fenced("fenced before sending");
        }
    }

    /** Another loop of the same base cannot help against these. */
    private static void refuseIfHopeless(
            BaseAddress to, CompletableFuture<HttpResponse<byte[]>> answer)
            throws TunnelException.Unavailable {
        if (answer.state() == java.util.concurrent.Future.State.SUCCESS) {
            int status = answer.resultNow().statusCode();
            throw new TunnelException.Unavailable(
                    to + " answered " + status + " before it had the command", null);
        }
        if (answer.state() == java.util.concurrent.Future.State.FAILED) {
            Throwable failure = answer.exceptionNow();
            if (failure instanceof ConnectException
                    || failure instanceof HttpConnectTimeoutException) {
                throw new TunnelException.Unavailable(to + " cannot be connected to", failure);
            }
        }
    }

    private long left(long deadlineNanos) {
        return deadlineNanos - ticker.nanos();
    }

    /** A request that has left. */
    final class Conversation {
        private final CompletableFuture<HttpResponse<byte[]>> answer;
        private final long deadlineNanos;

        private Conversation(CompletableFuture<HttpResponse<byte[]>> answer, long deadlineNanos) {
            this.answer = answer;
            this.deadlineNanos = deadlineNanos;
        }

        /** The answer's body; empty when none came in time, of which nobody is told anything. */
        Optional<byte[]> await() throws UnusableAnswerException, InterruptedException {
            try {
                HttpResponse<byte[]> response =
                        answer.get(left(deadlineNanos), TimeUnit.NANOSECONDS);
                if (response.statusCode() != OK) {
                    throw new UnusableAnswerException("status");
                }
                return Optional.of(response.body());
            } catch (TimeoutException e) {
                return Optional.empty();
            } catch (ExecutionException e) {
                throw new UnusableAnswerException(reason(e.getCause()));
            } finally {
                answer.cancel(true);
            }
        }

        private static String reason(@Nullable Throwable failure) {
            for (Throwable t = failure; t != null; t = t.getCause()) {
                if (t instanceof LimitedBody.TooLarge) {
                    return "too-large";
                }
            }
            return failure instanceof IOException ? "broken-off" : "unreadable";
        }
    }
}
