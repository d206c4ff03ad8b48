package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.tunnel.TunnelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.paho.mqttv5.client.IMqttAsyncClient;
import org.eclipse.paho.mqttv5.client.IMqttToken;
import org.eclipse.paho.mqttv5.client.MqttActionListener;
import org.eclipse.paho.mqttv5.client.MqttAsyncClient;
import org.eclipse.paho.mqttv5.client.MqttClientException;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;
import org.eclipse.paho.mqttv5.client.MqttDisconnectResponse;
import org.eclipse.paho.mqttv5.client.persist.MemoryPersistence;
import org.eclipse.paho.mqttv5.common.MqttException;
import org.eclipse.paho.mqttv5.common.MqttMessage;
import org.eclipse.paho.mqttv5.common.MqttSubscription;
import org.eclipse.paho.mqttv5.common.packet.MqttProperties;
import org.eclipse.paho.mqttv5.common.packet.MqttReturnCode;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.integration.mqtt.core.Mqttv5ClientManager;

/** The connection in MQTT 5: the broker expires commands and may say no to one of them. */
final class Paho5Client implements BrokerClient {
    private static final Logger log = LoggerFactory.getLogger(Paho5Client.class);

    private final Manager manager;

    Paho5Client(MqttConnectionOptions options, String clientId, Events events) {
        this.manager = new Manager(options, clientId, events);
        manager.addCallback(reconnect -> events.connected());
        manager.<MqttMessage>addDefaultMessageHandler((topic, message) ->
                events.arrived(topic, message.getPayload(), message.isRetained()));
    }

    @Override
    public void connect() {
        manager.start();
    }

    @Override
    public void disconnect() {
        manager.stop();
    }

    @Override
    public CompletionStage<List<String>> subscribe(List<String> filters) {
        CompletableFuture<List<String>> refused = new CompletableFuture<>();
        try {
            client().subscribe(
                            filters.stream()
                                    .map(filter -> new MqttSubscription(filter, 1))
                                    .toArray(MqttSubscription[]::new),
                            null,
                            new Listener(
                                    token ->
                                            refused.complete(
                                                    SubscriptionCodes.refused(
                                                            filters, token.getReasonCodes())),
                                    refused::completeExceptionally),
                            new MqttProperties());
        } catch (MqttException e) {
            refused.completeExceptionally(e);
        }
        return refused;
    }

    @Override
    public void unsubscribe(List<String> filters) {
        try {
            client().unsubscribe(filters.toArray(String[]::new));
        } catch (MqttException e) {
            manager.events.lost(e);
        }
    }

    @Override
    public CompletionStage<Void> publish(Outgoing message) {
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        try {
            client().publish(
                            message.topic(),
                            wire(message),
                            null,
                            new Listener(
                                    token -> complete(acknowledged, token),
                                    e ->
                                            acknowledged.completeExceptionally(
                                                    new TunnelException.Uncertain(
                                                            "not acknowledged", e))));
        } catch (MqttException e) {
            acknowledged.completeExceptionally(
                    new TunnelException.Unavailable("the client does not take it", e));
        }
        return acknowledged;
    }

    private static MqttMessage wire(Outgoing message) {
        MqttProperties properties = new MqttProperties();
        properties.setMessageExpiryInterval(
                Math.max(1, message.timeToLive().plusMillis(999).toSeconds()));
        MqttMessage wire = new MqttMessage(message.payload());
        wire.setQos(1);
        wire.setRetained(message.retained());
        wire.setProperties(properties);
        return wire;
    }

    private static void complete(CompletableFuture<Void> acknowledged, IMqttToken token) {
        int[] codes = token.getReasonCodes();
        int code = codes == null || codes.length == 0 ? 0 : codes[0];
        switch (code) {
            case MqttReturnCode.RETURN_CODE_NOT_AUTHORIZED,
                    MqttReturnCode.RETURN_CODE_TOPIC_NAME_INVALID,
                    MqttReturnCode.RETURN_CODE_PACKET_TOO_LARGE ->
                    acknowledged.completeExceptionally(
                            new TunnelException.Rejected(
                                    "the broker refuses it, reason code " + code, null));
            default -> {
                if (code >= MqttReturnCode.RETURN_CODE_UNSPECIFIED_ERROR) {
                    acknowledged.completeExceptionally(
                            new TunnelException.Unavailable(
                                    "the broker does not take it, reason code " + code, null));
                } else {
                    acknowledged.complete(null);
                }
            }
        }
    }

    private IMqttAsyncClient client() throws MqttException {
        IMqttAsyncClient client = manager.getClient();
        if (client == null) {
            throw new MqttException(MqttClientException.REASON_CODE_CLIENT_NOT_CONNECTED);
        }
        return client;
    }

    /** Spring Integration's manager, made to connect without waiting and to say why it failed. */
    private static final class Manager extends Mqttv5ClientManager {
        private final Events events;

        Manager(MqttConnectionOptions options, String clientId, Events events) {
            super(options, clientId);
            options.setAutomaticReconnect(false);
            this.events = events;
            setQuiescentTimeout(0);
            setDisconnectCompletionTimeout(200);
        }

        @Override
        public void start() {
            try {
                MqttAsyncClient client =
                        new MqttAsyncClient(getUrl(), getClientId(), new MemoryPersistence());
                client.setCallback(this);
                setClient(client);
                client.connect(getConnectionInfo(), null, new Listener(token -> {}, events::lost));
            } catch (MqttException e) {
                events.lost(e);
            }
        }

        @Override
        public void disconnected(MqttDisconnectResponse response) {
            MqttException cause = response.getException();
            events.lost(cause != null ? cause : new MqttException(response.getReturnCode()));
        }

        @Override
        public void mqttErrorOccurred(MqttException exception) {
            log.atDebug().setCause(exception).log("MQTT protocol error");
        }
    }

    /** A token's two outcomes. */
    private record Listener(Consumer<IMqttToken> success, Consumer<Throwable> failure)
            implements MqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            success.accept(token);
        }

        @Override
        public void onFailure(IMqttToken token, Throwable cause) {
            failure.accept(cause);
        }
    }
}
