package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.mqtt.BrokerSession.Phase;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one session alive, for ever: after each end begins another, after a growing delay. Confined
 * to its executor, but for {@link #send} and {@link #up}.
 */
final class BrokerLink implements BrokerSession.Owner {
    private static final Logger log = LoggerFactory.getLogger(BrokerLink.class);

    /** Some brokers cut whoever asks for what an ACL forbids. */
    private static final int CUT_WHILE_CLEANING = 2;

    private final BrokerClient.Factory clients;
    private final MqttTopics topics;
    private final MqttSettings.Limits limits;
    private final ScheduledExecutorService executor;
    private final Observer observer;
    private final Set<String> causesLogged = new HashSet<>();
    private int failures;
    private int cutWhileCleaning;
    private boolean refusalLogged;
    private volatile @Nullable BrokerSession session;

    /** Hears the link. */
    interface Observer {
        /** By the client's thread. */
        void arrived(String topic, byte[] payload, boolean retained);

        /** By the executor. */
        void linkChanged(boolean up);
    }

    BrokerLink(
            BrokerClient.Factory clients,
            MqttTopics topics,
            MqttSettings.Limits limits,
            ScheduledExecutorService executor,
            Observer observer) {
        this.clients = clients;
        this.topics = topics;
        this.limits = limits;
        this.executor = executor;
        this.observer = observer;
    }

    void start() {
        executor.execute(this::attempt);
    }

    boolean up() {
        BrokerSession current = session;
        return current != null && current.up();
    }

    CompletionStage<Void> send(BrokerClient.Outgoing message, Fence fence) {
        BrokerSession current = session;
        return current == null
                ? CompletableFuture.failedFuture(
                        new TunnelException.Unavailable("not connected to the broker", null))
                : current.send(message, fence);
    }

    /** To be called when nothing runs on the executor any more. */
    void close() {
        BrokerSession last = session;
        if (last != null) {
            last.close();
        }
    }

    private void attempt() {
        try {
            BrokerSession next = new BrokerSession(clients, topics, limits, executor, this);
            session = next;
            next.begin();
        } catch (RuntimeException e) {
            ended(Phase.CONNECTING, e);
        }
    }

    @Override
    public void arrived(String topic, byte[] payload, boolean retained) {
        observer.arrived(topic, payload, retained);
    }

    @Override
    public boolean cleansUp() {
        return cutWhileCleaning < CUT_WHILE_CLEANING;
    }

    @Override
    public void cleanupRefused(List<String> filters) {
        if (!refusalLogged) {
            refusalLogged = true;
            log.atWarn()
                    .addKeyValue("filters", filters)
                    .log("The broker does not let us look for retained commands; they stay");
        }
    }

    @Override
    public void established() {
        failures = 0;
        causesLogged.clear();
        log.atInfo().addKeyValue("broker", clients.broker()).log("MQTT link is up");
        observer.linkChanged(true);
    }

    @Override
    public void ended(Phase reached, Throwable cause) {
        logOnce(reached, cause);
        if (reached == Phase.UP) {
            observer.linkChanged(false);
        } else if (reached == Phase.CLEANING && ++cutWhileCleaning == CUT_WHILE_CLEANING) {
            cleanupRefused(topics.commands());
        }
        failures++;
        double random = ThreadLocalRandom.current().nextDouble();
        executor.schedule(
                this::attempt,
                ReconnectDelay.after(failures, limits.maxReconnectDelay(), random).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Each cause once until the link is up again. */
    private void logOnce(Phase reached, Throwable cause) {
        String words = words(cause);
        if (causesLogged.add(words)) {
            log.atWarn()
                    .addKeyValue("broker", clients.broker())
                    .addKeyValue("cause", words)
                    .log(
                            reached == Phase.UP
                                    ? "MQTT link is lost, connecting again"
                                    : "MQTT link does not come up, trying on");
        }
    }

    /** The outermost and the innermost message: Paho's own says little. */
    private static String words(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return cause.getCause() == null ? message(cause) : message(cause) + ": " + message(root);
    }

    private static String message(Throwable cause) {
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : message;
    }
}
