package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.arklet.ArkletCodec;
import io.koupleless.controller.arklet.MalformedMessageException;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.TunnelListener;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tunnel to bases that talk over an MQTT broker. */
public final class MqttTunnel implements Tunnel {
    public static final String NAME = "mqtt_tunnel_provider";

    private static final Logger log = LoggerFactory.getLogger(MqttTunnel.class);

    private final ArkletCodec codec = new ArkletCodec();
    private final ScheduledThreadPoolExecutor executor = linkExecutor();
    private final AtomicReference<@Nullable TunnelListener> listener = new AtomicReference<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final MqttSettings settings;
    private final MqttTopics topics;
    private final TunnelCounters counters;
    private final BrokerLink link;

    /**
     * Connects nowhere yet.
     *
     * @throws IllegalArgumentException naming the setting and the file if a certificate or a key
     *     cannot be used
     */
    public MqttTunnel(MqttSettings settings, TunnelCounters counters) {
        this.settings = settings;
        this.topics = new MqttTopics(settings.env());
        this.counters = counters;
        this.link =
                new BrokerLink(
                        new PahoClients(settings, executor),
                        topics,
                        settings.limits(),
                        executor,
                        new Inbound());
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start(TunnelListener listener) {
        if (!this.listener.compareAndSet(null, listener)) {
            throw new IllegalStateException("started already");
        }
        if (!closed.get()) {
            link.start();
        }
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        Optional<String> name = codec.topic(message.command());
        if (name.isEmpty()) {
            return rejected("bases do not answer this over MQTT");
        }
        Optional<String> topic = topics.command(message.base(), name.get());
        if (topic.isEmpty()) {
            return rejected("the identity cannot be part of an MQTT topic");
        }
        byte[] payload = codec.encodeMqtt(message.command());
        if (payload.length > settings.limits().maxPayloadBytes()) {
            return rejected("the command is larger than maxPayloadBytes");
        }
        return link.send(
                new BrokerClient.Outgoing(topic.get(), payload, false, message.timeToLive()),
                message.fence());
    }

    /** True while commands can be sent and their answers will be heard. */
    public boolean up() {
        return link.up();
    }

    /** Where the broker is and who we are there, for people. */
    public String description() {
        return settings.uri() + " as " + settings.login().mqttClientId();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            executor.shutdownNow();
            try {
                if (!executor.awaitTermination(500, TimeUnit.MILLISECONDS)) {
                    log.atDebug().log("The MQTT link is slow to stop");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            link.close();
        }
    }

    private static CompletionStage<Void> rejected(String why) {
        return CompletableFuture.failedFuture(new TunnelException.Rejected(why, null));
    }

    private static ScheduledThreadPoolExecutor linkExecutor() {
        ScheduledThreadPoolExecutor executor =
                new ScheduledThreadPoolExecutor(1, Thread.ofVirtual().name("mqtt-link").factory());
        executor.setRemoveOnCancelPolicy(true);
        return executor;
    }

    /** Turns what the link hears into events. */
    private final class Inbound implements BrokerLink.Observer {
        @Override
        public void arrived(String topic, byte[] payload, boolean retained) {
            Optional<MqttTopics.Said> said = topics.read(topic);
            if (said.isEmpty()) {
                drop("topic");
            } else if (retained) {
                drop("retained"); // a base retains nothing: this would be life from the past
            } else if (payload.length > settings.limits().maxPayloadBytes()) {
                drop("too-large");
            } else {
                decode(said.get(), payload);
            }
        }

        @Override
        public void linkChanged(boolean up) {
            tell(new TunnelEvent.LinkChanged(up));
        }

        private void decode(MqttTopics.Said said, byte[] payload) {
            try {
                tell(codec.decodeMqtt(said.base(), said.answer(), payload));
            } catch (MalformedMessageException e) {
                log.atDebug()
                        .addKeyValue("base", said.base())
                        .addKeyValue("topic", said.answer())
                        .addKeyValue("why", e.getMessage())
                        .log("Dropped a message that cannot be read");
                counters.dropped(NAME, "malformed");
            }
        }

        private void drop(String reason) {
            log.atDebug().addKeyValue("reason", reason).log("Dropped a message");
            counters.dropped(NAME, reason);
        }

        private void tell(TunnelEvent event) {
            TunnelListener told = listener.get();
            if (told == null || closed.get()) {
                return;
            }
            try {
                told.onEvent(event);
            } catch (RuntimeException e) {
                log.atError().setCause(e).log("The tunnel's listener failed");
            }
        }
    }
}
