package io.koupleless.controller.testkit.broker;

import io.koupleless.controller.testkit.process.FreePorts;
import org.apache.activemq.artemis.api.core.SimpleString;
import org.apache.activemq.artemis.core.server.ActiveMQServer;
import org.apache.activemq.artemis.core.server.embedded.EmbeddedActiveMQ;
import org.jspecify.annotations.Nullable;

/**
 * An MQTT broker (v3.1.1 and v5) inside this JVM, on loopback, all in memory: a stop forgets
 * retained messages and sessions.
 */
public final class EmbeddedBroker implements AutoCloseable {
    private final BrokerOptions options;
    private @Nullable EmbeddedActiveMQ running;

    private EmbeddedBroker(BrokerOptions options) {
        this.options = options;
    }

    /** A broker that listens already. */
    public static EmbeddedBroker start(BrokerOptions options) {
        EmbeddedBroker broker = new EmbeddedBroker(options);
        broker.start();
        return broker;
    }

    /** After a {@link #stop()}, on the same port. */
    public synchronized void start() {
        if (running != null) {
            return;
        }
        if (!FreePorts.isFree(options.port())) {
            throw new IllegalStateException(
                    "port %d is busy: end who listens there, or choose another"
                            .formatted(options.port()));
        }
        EmbeddedActiveMQ broker = new EmbeddedActiveMQ();
        broker.setConfiguration(BrokerConfiguration.of(options));
        options.login()
                .ifPresent(login -> broker.setSecurityManager(BrokerConfiguration.letIn(login)));
        try {
            broker.start();
            running = broker;
        } catch (Exception e) {
            throw new IllegalStateException(
                    "the broker does not start on port %d: %s"
                            .formatted(options.port(), e.getMessage()),
                    e);
        }
    }

    /** Cuts every connection and listens no more: an outage. */
    public synchronized void stop() {
        EmbeddedActiveMQ broker = running;
        running = null;
        if (broker == null) {
            return;
        }
        try {
            broker.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            throw new IllegalStateException("the broker does not stop: " + e.getMessage(), e);
        }
    }

    public void restart() {
        stop();
        start();
    }

    /** Cuts every connection at once, without stopping: clients come back by themselves. */
    public void dropConnections() {
        server().getRemotingService()
                .getConnections()
                .forEach(c -> c.getTransportConnection().forceClose());
    }

    public String host() {
        return "127.0.0.1";
    }

    public int port() {
        return options.port();
    }

    public int tlsPort() {
        return options.tls().orElseThrow(() -> new IllegalStateException("no TLS")).port();
    }

    /** How many clients are connected. */
    public int connections() {
        return server().getRemotingService().getConnections().size();
    }

    /** Whether anybody has ever published or subscribed to that topic. */
    public boolean knows(String topic) {
        return server().getAddressInfo(SimpleString.of(topic.replace('/', '.'))) != null;
    }

    /** Artemis itself, for what is not offered here. */
    public ActiveMQServer server() {
        EmbeddedActiveMQ broker = running;
        if (broker == null) {
            throw new IllegalStateException("the broker is stopped");
        }
        return broker.getActiveMQServer();
    }

    @Override
    public void close() {
        stop();
    }
}
