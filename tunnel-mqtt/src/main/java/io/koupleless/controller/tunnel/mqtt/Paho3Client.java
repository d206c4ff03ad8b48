package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.tunnel.TunnelException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttAsyncClient;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.springframework.integration.mqtt.core.Mqttv3ClientManager;

/** The connection in MQTT 3.1.1. */
final class Paho3Client implements BrokerClient {
    private final Manager manager;

    Paho3Client(MqttConnectOptions options, String clientId, Events events) {
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
            int[] qos = filters.stream().mapToInt(filter -> 1).toArray();
            client().subscribe(
                            filters.toArray(String[]::new),
                            qos,
                            null,
                            new Listener(
                                    token ->
                                            refused.complete(
                                                    SubscriptionCodes.refused(
                                                            filters, token.getGrantedQos())),
                                    refused::completeExceptionally));
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
        MqttMessage wire = new MqttMessage(message.payload());
        wire.setQos(1);
        wire.setRetained(message.retained());
        try {
            client().publish(
                            message.topic(),
                            wire,
                            null,
                            new Listener(
                                    token -> acknowledged.complete(null),
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

    private IMqttAsyncClient client() throws MqttException {
        IMqttAsyncClient client = manager.getClient();
        if (client == null) {
            throw new MqttException(MqttException.REASON_CODE_CLIENT_NOT_CONNECTED);
        }
        return client;
    }

    /** Spring Integration's manager, made to connect without waiting and to say why it failed. */
    private static final class Manager extends Mqttv3ClientManager {
        private final Events events;

        Manager(MqttConnectOptions options, String clientId, Events events) {
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
        public void connectionLost(Throwable cause) {
            events.lost(cause);
        }
    }

    /** A token's two outcomes. */
    private record Listener(Consumer<IMqttToken> success, Consumer<Throwable> failure)
            implements IMqttActionListener {
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
