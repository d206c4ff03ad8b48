package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.TunnelException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * One connection from its attempt to its end: connect, subscribe, clear what is retained, up.
 * Confined to the link's executor, but for {@link #send} and what the client tells.
 */
final class BrokerSession implements BrokerClient.Events {
    private final MqttTopics topics;
    private final MqttSettings.Limits limits;
    private final ScheduledExecutorService executor;
    private final Owner owner;
    private final BrokerClient client;
    private final RetainedCleanup cleanup;
    private Phase phase = Phase.CONNECTING;
    private @Nullable ScheduledFuture<?> deadline;
    private volatile @Nullable Outbox outbox;

    /** How far a session has come. */
    enum Phase {
        CONNECTING,
        SUBSCRIBING,
        CLEANING,
        UP,
        ENDED
    }

    /** Told on the executor, but for messages. */
    interface Owner {
        /** By the client's thread: record and return. */
        void arrived(String topic, byte[] payload, boolean retained);

        boolean cleansUp();

        void cleanupRefused(List<String> filters);

        void established();

        /** Told once; {@code reached} is how far the session had come. */
        void ended(Phase reached, Throwable cause);
    }

    BrokerSession(
            BrokerClient.Factory clients,
            MqttTopics topics,
            MqttSettings.Limits limits,
            ScheduledExecutorService executor,
            Owner owner) {
        this.topics = topics;
        this.limits = limits;
        this.executor = executor;
        this.owner = owner;
        this.client = clients.create(this);
        this.cleanup = new RetainedCleanup(client, limits.retainedQuiet(), executor, this::cleaned);
    }

    void begin() {
        startDeadline("no connection");
        client.connect();
    }

    /** Ends without telling anybody. */
    void close() {
        phase = Phase.ENDED;
        closeOutbox();
        client.disconnect();
    }

    CompletionStage<Void> send(BrokerClient.Outgoing message, Fence fence) {
        Outbox open = outbox;
        return open == null
                ? CompletableFuture.failedFuture(
                        new TunnelException.Unavailable("not connected to the broker", null))
                : open.send(message, fence);
    }

    boolean up() {
        return outbox != null;
    }

    @Override
    public void connected() {
        step(Phase.CONNECTING, this::subscribe);
    }

    @Override
    public void lost(Throwable cause) {
        closeOutbox(); // at once: nothing may be taken for sent
        onExecutor(() -> end(cause));
    }

    @Override
    public void arrived(String topic, byte[] payload, boolean retained) {
        if (!topics.isCommand(topic)) {
            owner.arrived(topic, payload, retained);
        } else if (retained && payload.length > 0) {
            step(Phase.CLEANING, () -> cleanup.found(topic));
        }
    }

    private void subscribe() {
        phase = Phase.SUBSCRIBING;
        startDeadline("no answer to the subscription");
        client.subscribe(topics.answers())
                .whenComplete((refused, failure) ->
                        step(Phase.SUBSCRIBING, () -> subscribed(refused, failure)));
    }

    private void subscribed(List<String> refused, @Nullable Throwable failure) {
        if (failure != null) {
            end(failure);
        } else if (!refused.isEmpty()) {
            end(new IOException("the broker refuses to subscribe us to " + refused));
        } else if (owner.cleansUp()) {
            phase = Phase.CLEANING;
            startDeadline("no answer to the subscription of commands");
            client.subscribe(topics.commands())
                    .whenComplete((refusedToo, failed) ->
                            step(Phase.CLEANING, () -> watch(refusedToo, failed)));
        } else {
            cleaned();
        }
    }

    private void watch(List<String> refused, @Nullable Throwable failure) {
        if (failure != null) {
            end(failure);
            return;
        }
        stopDeadline();
        if (!refused.isEmpty()) {
            owner.cleanupRefused(refused);
        }
        if (refused.size() == topics.commands().size()) {
            cleaned();
        } else {
            cleanup.watch(topics.commands());
        }
    }

    private void cleaned() {
        if (phase == Phase.ENDED) {
            return;
        }
        stopDeadline();
        phase = Phase.UP;
        outbox = new Outbox(client, limits.window(), executor);
        owner.established();
    }

    private void end(Throwable cause) {
        if (phase == Phase.ENDED) {
            return;
        }
        Phase reached = phase;
        phase = Phase.ENDED;
        stopDeadline();
        closeOutbox();
        owner.ended(reached, cause);
        client.disconnect();
    }

    private void closeOutbox() {
        Outbox open = outbox;
        outbox = null;
        if (open != null) {
            open.close();
        }
    }

    private void startDeadline(String words) {
        stopDeadline();
        deadline =
                executor.schedule(
                        () -> end(new TimeoutException(words + " in time")),
                        limits.connectTimeout().toMillis(),
                        TimeUnit.MILLISECONDS);
    }

    private void stopDeadline() {
        if (deadline != null) {
            deadline.cancel(false);
        }
    }

    /** Runs a step on the executor if the session is still in that phase by then. */
    private void step(Phase only, Runnable step) {
        onExecutor(() -> {
            if (phase == only) {
                try {
                    step.run();
                } catch (RuntimeException e) {
                    end(e);
                }
            }
        });
    }

    private void onExecutor(Runnable task) {
        try {
            executor.execute(task);
        } catch (RejectedExecutionException e) {
            closeOutbox(); // the tunnel is closed
        }
    }
}
