package io.koupleless.controller.tunnel.mqtt;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;

/** One connection to the broker, from its first attempt to its end; never reconnects by itself. */
interface BrokerClient {

    /** Returns at once; the outcome is told to {@link Events}. */
    void connect();

    /** Ends the connection whatever its state, in well under a second. */
    void disconnect();

    /** Subscribes at QoS 1; completes with the filters that the broker refused. */
    CompletionStage<List<String>> subscribe(List<String> filters);

    void unsubscribe(List<String> filters);

    /**
     * Never blocks; completes when the broker has acknowledged, or fails with a {@code
     * TunnelException}.
     */
    CompletionStage<Void> publish(Outgoing message);

    /** A message at QoS 1. */
    record Outgoing(String topic, byte[] payload, boolean retained, Duration timeToLive) {
        /** Makes the broker forget what it retains on a topic. */
        static Outgoing clearing(String topic) {
            return new Outgoing(topic, new byte[0], true, Duration.ofMinutes(1));
        }
    }

    /** Told by the client's own threads: record and return. */
    interface Events {
        void connected();

        /** The attempt failed or the connection ended; may be told twice. */
        void lost(Throwable cause);

        void arrived(String topic, byte[] payload, boolean retained);
    }

    /** Makes a client for one attempt. */
    interface Factory {
        /** The broker's address, for people. */
        String broker();

        BrokerClient create(Events events);
    }
}
