package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.TunnelException;
import java.io.IOException;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.ByteBuffer;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Flow;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A request's body, and the moment in which it leaves: the JDK's client subscribes once the base
 * has answered {@code 100 Continue}, and only then the fence is asked. The client would subscribe
 * by itself after five seconds without an answer; by then the dial has been given up, and nothing
 * is handed out any more.
 */
final class Departure implements BodyPublisher {
    private final BodyPublisher body;
    private final Fence fence;
    private final AtomicBoolean decided = new AtomicBoolean();
    private final CompletableFuture<Void> left = new CompletableFuture<>();

    Departure(byte[] body, Fence fence) {
        this.body = BodyPublishers.ofByteArray(body);
        this.fence = fence;
    }

    /** Completes when the body leaves; fails with {@link TunnelException.Fenced}. */
    CompletableFuture<Void> left() {
        return left;
    }

    /** False: too late, the body leaves or was fenced. True: it will never leave. */
    boolean giveUp() {
        return decided.compareAndSet(false, true);
    }

    @Override
    public long contentLength() {
        return body.contentLength();
    }

    @Override
    public void subscribe(Flow.Subscriber<? super ByteBuffer> subscriber) {
        if (!decided.compareAndSet(false, true)) {
            refuse(subscriber, "given up");
        } else if (!open()) {
            left.completeExceptionally(new TunnelException.Fenced("fenced before sending"));
            refuse(subscriber, "fenced");
        } else {
            left.complete(null);
            body.subscribe(subscriber);
        }
    }

    private boolean open() {
        try {
            return fence.open();
        } catch (RuntimeException e) {
            return false;
        }
    }

    private static void refuse(Flow.Subscriber<? super ByteBuffer> subscriber, String why) {
        subscriber.onSubscribe(new Nothing());
        subscriber.onError(new IOException(why));
    }

    private static final class Nothing implements Flow.Subscription {
        @Override
        public void request(long n) {
            // there is nothing to hand out
        }

        @Override
        public void cancel() {
            // there is nothing to stop
        }
    }
}
