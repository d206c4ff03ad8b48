package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/** Asks one base over the broker and takes what it says, one thing after the other. */
final class AnswerTap implements AutoCloseable {

    /** One message of the base as it went over the broker. */
    record Said(String topic, int qos, boolean retained, String payload) {
        private boolean unasked() {
            return topic.endsWith("/heart") || topic.endsWith("/queryBaseline");
        }
    }

    private final String prefix;
    private final MqttClient client;
    private final BlockingQueue<Said> introductions = new LinkedBlockingQueue<>();
    private final BlockingQueue<Said> answers = new LinkedBlockingQueue<>();

    AnswerTap(EmbeddedBroker broker, String prefix) throws MqttException {
        this.prefix = prefix;
        client =
                new MqttClient(
                        "tcp://" + broker.host() + ":" + broker.port(),
                        "answers-" + System.nanoTime(),
                        new MemoryPersistence());
        MqttConnectOptions options = new MqttConnectOptions();
        options.setMaxInflight(100);
        client.connect(options);
        client.subscribe(prefix + "base/+", 1, this::arrived);
    }

    private void arrived(String topic, MqttMessage message) {
        Said said =
                new Said(
                        topic,
                        message.getQos(),
                        message.isRetained(),
                        new String(message.getPayload(), StandardCharsets.UTF_8));
        if (said.unasked()) {
            introductions.add(said);
        } else if (!topic.endsWith("/baseline")) {
            answers.add(said);
        }
    }

    void ask(String topic, String payload, int qos) throws MqttException {
        client.publish(prefix + topic, payload.getBytes(StandardCharsets.UTF_8), qos, false);
    }

    /** The next answer, if it comes in time. */
    Optional<Said> answer(Duration limit) throws InterruptedException {
        return Optional.ofNullable(answers.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    /** The next message that nobody asked for, if it comes in time. */
    Optional<Said> introduction(Duration limit) throws InterruptedException {
        return Optional.ofNullable(introductions.poll(limit.toMillis(), TimeUnit.MILLISECONDS));
    }

    @Override
    public void close() throws MqttException {
        client.disconnectForcibly(0, 200);
        client.close(true);
    }
}
