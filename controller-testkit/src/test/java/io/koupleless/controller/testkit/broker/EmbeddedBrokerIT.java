package io.koupleless.controller.testkit.broker;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.eclipse.paho.client.mqttv3.MqttClient;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;
import org.junit.jupiter.api.Test;

class EmbeddedBrokerIT {
    @Test
    void bothVersionsMeetAndRetainedMessagesWait() throws Exception {
        try (EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults())) {
            MqttClient writer = v3(broker, new MqttConnectOptions());
            writer.publish("koupleless_dev/base-1/base/heart", "retained".getBytes(UTF_8), 1, true);

            BlockingQueue<String> received = new LinkedBlockingQueue<>();
            var reader =
                    new org.eclipse.paho.mqttv5.client.MqttClient(
                            url(broker),
                            "reader",
                            new org.eclipse.paho.mqttv5.client.persist.MemoryPersistence());
            reader.connect();
            // subscribe with a listener ends in an exception in Paho v5 1.2.5
            reader.setCallback(new Receiver(received));
            reader.subscribe("koupleless_dev/+/base/heart", 1);

            assertThat(received.poll(45, TimeUnit.SECONDS)).isEqualTo("retained");
            writer.publish("koupleless_dev/base-1/base/heart", "fresh".getBytes(UTF_8), 1, false);
            assertThat(received.poll(45, TimeUnit.SECONDS)).isEqualTo("fresh");
            reader.disconnect();
            reader.close();
            disconnect(writer);
        }
    }

    @Test
    void onlyTheKnownUserIsLetIn() throws Exception {
        BrokerOptions options = BrokerOptions.defaults().login("controller", "secret");
        try (EmbeddedBroker broker = EmbeddedBroker.start(options)) {
            disconnect(v3(broker, login("secret")));

            assertThatExceptionOfType(MqttException.class)
                    .isThrownBy(() -> v3(broker, login("wrong")));
        }
    }

    @Test
    void clientsReturnAfterAnOutageAndNoThreadStays() throws Exception {
        EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults());
        MqttConnectOptions reconnecting = new MqttConnectOptions();
        reconnecting.setAutomaticReconnect(true);
        MqttClient client = v3(broker, reconnecting);

        broker.stop();
        Awaitility.await().atMost(Duration.ofSeconds(45)).until(() -> !client.isConnected());
        broker.start();
        Awaitility.await().atMost(Duration.ofSeconds(45)).until(client::isConnected);

        disconnect(client);
        broker.close();
        Awaitility.await()
                .atMost(Duration.ofSeconds(45))
                .untilAsserted(() -> assertThat(artemisThreads()).isEmpty());
    }

    private static Set<String> artemisThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.contains("activemq") || name.contains("artemis"))
                .collect(Collectors.toSet());
    }

    private static MqttClient v3(EmbeddedBroker broker, MqttConnectOptions options)
            throws MqttException {
        MqttClient client = new MqttClient(url(broker), "writer", new MemoryPersistence());
        client.connect(options);
        return client;
    }

    private static MqttConnectOptions login(String password) {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName("controller");
        options.setPassword(password.toCharArray());
        return options;
    }

    private static void disconnect(MqttClient client) throws MqttException {
        client.disconnect();
        client.close();
    }

    private static String url(EmbeddedBroker broker) {
        return "tcp://%s:%d".formatted(broker.host(), broker.port());
    }
}
