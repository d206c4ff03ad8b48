package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.BrokerAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Listens to the commands that the controller sends, and may publish as anybody. */
final class CommandTap implements AutoCloseable {

    /** One command as it went over the broker. */
    record Sent(String topic, String payload, boolean retained) {}

    private final MqttClient client;
    private final List<Sent> sent = new CopyOnWriteArrayList<>();

    CommandTap(BrokerAddress broker, String env) throws MqttException {
        client =
                new MqttClient(
                        "tcp://" + broker.host() + ":" + broker.port(),
                        "tap-" + System.nanoTime(),
                        new MemoryPersistence());
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
                                            topic,
                                            new String(
                                                    message.getPayload(), StandardCharsets.UTF_8),
                                            message.isRetained())));
        }
    }

    /** Commands of that kind for that base and module so far. */
    long count(String base, String command, String module) {
        return sent.stream()
                .filter(s -> s.topic().endsWith("/" + base + "/" + command))
                .filter(s -> s.payload().contains("\"bizName\":\"" + module + "\""))
                .count();
    }

    List<Sent> all() {
        return List.copyOf(sent);
    }

    void publish(String topic, byte[] payload) throws MqttException {
        client.publish(topic, payload, 1, false);
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(0, 200);
        client.close(true);
    }
}
