package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.IMqttMessageListener;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Anybody at the broker: publishes what it likes, keeps what it hears. */
final class RawClient implements AutoCloseable {
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final MqttClient client;

    RawClient(EmbeddedBroker broker) throws MqttException {
        this(broker, new MqttConnectOptions());
    }

    RawClient(EmbeddedBroker broker, MqttConnectOptions options) throws MqttException {
        client =
                new MqttClient(
                        "tcp://%s:%d".formatted(broker.host(), broker.port()),
                        UUID.randomUUID().toString(),
                        new MemoryPersistence());
        options.setMaxInflight(1_000);
        client.connect(options);
    }

    void publish(String topic, byte[] payload) throws MqttException {
        client.publish(topic, payload, 1, false);
    }

    void retain(String topic, String payload) throws MqttException {
        client.publish(topic, payload.getBytes(), 1, true);
    }

    /** Returns when the broker has confirmed. */
    void subscribe(String filter) throws MqttException {
        IMqttMessageListener listener = (topic, message) -> heard.add(line(topic, message));
        client.subscribe(filter, 1, listener);
    }

    /** {@code topic payload}, with {@code [retained]} before it. */
    List<String> heard() {
        return List.copyOf(heard);
    }

    private static String line(String topic, MqttMessage message) {
        return (message.isRetained() ? "[retained] " : "") + topic + " " + message;
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(0, 200);
        client.close(true);
    }
}
