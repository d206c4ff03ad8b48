package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.TunnelException;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The bounded window of one connection: what was handed to it and is not acknowledged yet. It is
 * thrown away with the connection, so nothing is kept for later and no slot can leak.
 */
final class Outbox {
    private final BrokerClient client;
    private final Semaphore window;
    private final ScheduledExecutorService timer;
    private final Set<CompletableFuture<Void>> pending = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    Outbox(BrokerClient client, int window, ScheduledExecutorService timer) {
        this.client = client;
        this.window = new Semaphore(window);
        this.timer = timer;
    }

    CompletionStage<Void> send(BrokerClient.Outgoing message, Fence fence) {
        if (!window.tryAcquire()) {
            return failed(new TunnelException.Unavailable("too many unacknowledged", null));
        }
        CompletableFuture<Void> result = new CompletableFuture<>();
        pending.add(result);
        Future<?> deadline = deadline(result, message);
        result.whenComplete((done, failure) -> {
            pending.remove(result);
            deadline.cancel(false);
        });
        publish(message, fence, result);
        return result;
    }

    /** The connection is gone: whatever is pending may or may not have arrived. */
    void close() {
        closed = true;
        pending.forEach(Outbox::lost);
    }

    private void publish(
            BrokerClient.Outgoing message, Fence fence, CompletableFuture<Void> result) {
        if (closed) {
            window.release();
            result.completeExceptionally(
                    new TunnelException.Unavailable("the connection is gone", null));
        } else if (!fence.open()) {
            window.release();
            result.completeExceptionally(new TunnelException.Fenced("fenced before sending"));
        } else {
            client.publish(message)
                    .whenComplete((done, failure) -> {
                        window.release();
                        settle(result, failure);
                    });
            if (closed) {
                lost(result);
            }
        }
    }

    private Future<?> deadline(CompletableFuture<Void> result, BrokerClient.Outgoing message) {
        try {
            return timer.schedule(
                    () ->
                            result.completeExceptionally(
                                    new TunnelException.Uncertain(
                                            "not acknowledged in time", null)),
                    message.timeToLive().toNanos(),
                    TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            closed = true;
            return CompletableFuture.completedFuture(null);
        }
    }

    private static void settle(CompletableFuture<Void> result, @Nullable Throwable failure) {
        if (failure == null) {
            result.complete(null);
        } else {
            result.completeExceptionally(failure);
        }
    }

    private static void lost(CompletableFuture<Void> result) {
        result.completeExceptionally(
                new TunnelException.Uncertain(
                        "the connection was lost before it was acknowledged", null));
    }

    private static CompletionStage<Void> failed(TunnelException failure) {
        return CompletableFuture.failedFuture(failure);
    }
}
