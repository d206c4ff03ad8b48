package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.BrokerAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Listens at the broker, and may publish as anybody. */
final class BrokerTap implements CommandTap {
    private final MqttClient client;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    private BrokerTap(MqttClient client) {
        this.client = client;
    }

    static BrokerTap connect(BrokerAddress broker, String env) {
        try {
            BrokerTap tap =
                    new BrokerTap(
                            new MqttClient(
                                    "tcp://" + broker.host() + ":" + broker.port(),
                                    "tap-" + System.nanoTime(),
                                    new MemoryPersistence()));
            tap.listen(env);
            return tap;
        } catch (MqttException e) {
            throw new IllegalStateException(e);
        }
    }

    private void listen(String env) throws MqttException {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setAutomaticReconnect(true);
        client.connect(options);
        for (String command : List.of("installBiz", "uninstallBiz")) {
            client.subscribe(
                    "koupleless_" + env + "/+/" + command,
                    1,
                    (topic, message) ->
                            sent.add(
                                    new Sent(
                                            topic.split("/", -1)[1],
                                            command,
                                            new String(
                                                    message.getPayload(),
                                                    StandardCharsets.UTF_8))));
        }
    }

    @Override
    public List<Sent> all() {
        return List.copyOf(sent);
    }

    void publish(String topic, byte[] payload) throws MqttException {
        client.publish(topic, payload, 1, false);
    }

    @Override
    public void close() {
        try {
            client.disconnectForcibly(0, 200);
            client.close(true);
        } catch (MqttException e) {
            throw new IllegalStateException(e);
        }
    }
}
