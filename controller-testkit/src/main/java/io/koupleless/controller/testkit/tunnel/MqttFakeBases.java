package io.koupleless.controller.testkit.tunnel;

import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.eclipse.paho.client.mqttv3.IMqttActionListener;
import org.eclipse.paho.client.mqttv3.IMqttDeliveryToken;
import org.eclipse.paho.client.mqttv3.IMqttToken;
import org.eclipse.paho.client.mqttv3.MqttAsyncClient;
import org.eclipse.paho.client.mqttv3.MqttCallbackExtended;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.client.mqttv3.MqttException;
import org.eclipse.paho.client.mqttv3.MqttMessage;
import org.eclipse.paho.client.mqttv3.persist.MemoryPersistence;

/**
 * Any number of {@link FakeBase}s behind one MQTT 3.1.1 connection, as if each had its own; comes
 * back by itself after an outage.
 */
public final class MqttFakeBases implements AutoCloseable {
    private static final int MAX_IN_FLIGHT = 32_000;
    private static final long TIMEOUT_MILLIS = 10_000;
    private static final int[] AT_LEAST_ONCE = {1, 1};

    private final Map<String, FakeBase> bases = new ConcurrentHashMap<>();
    private final String prefix;
    private final MqttAsyncClient client;
    private volatile boolean subscribed;

    private MqttFakeBases(String uri, String env) throws MqttException {
        this.prefix = "koupleless_" + env.toLowerCase(Locale.ROOT) + "/";
        this.client =
                new MqttAsyncClient(
                        uri, "fake-bases-" + UUID.randomUUID(), new MemoryPersistence());
    }

    /** Connected and subscribed. */
    public static MqttFakeBases connect(String uri, String env) {
        return connect(uri, env, new MqttConnectOptions());
    }

    /** The same, with a user, a password or TLS. */
    public static MqttFakeBases connect(String uri, String env, MqttConnectOptions options) {
        options.setAutomaticReconnect(true);
        options.setMaxReconnectDelay(1_000);
        options.setMaxInflight(MAX_IN_FLIGHT);
        if (options.getSocketFactory() == null) {
            options.setSocketFactory(new PromptSockets());
        }
        try {
            MqttFakeBases fakes = new MqttFakeBases(uri, env);
            fakes.client.setCallback(fakes.new Callback());
            fakes.client.connect(options).waitForCompletion(TIMEOUT_MILLIS);
            fakes.subscribe();
            return fakes;
        } catch (MqttException e) {
            throw new IllegalStateException("fake bases cannot connect to " + uri, e);
        }
    }

    /** Lets a base take part; it says nothing yet. */
    public FakeBase join(FakeBase base) {
        bases.put(base.id().value(), base);
        return base;
    }

    public void leave(FakeBase base) {
        bases.remove(base.id().value());
    }

    /** True while every command reaches its base. */
    public boolean isSubscribed() {
        return subscribed && client.isConnected();
    }

    public void heartbeat(FakeBase base) {
        say(base, base.heartbeat());
    }

    /** Every base once. */
    public void heartbeats() {
        bases.values().forEach(this::heartbeat);
    }

    /** QoS 1, not retained; lost while the broker is away. */
    public void say(FakeBase base, WireMessage message) {
        publish(prefix + base.id() + "/base/" + message.topic(), message.payload());
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

    private void publish(String topic, byte[] payload) {
        try {
            client.publish(topic, payload, 1, false);
        } catch (MqttException e) {
            if (client.isConnected()) {
                throw new IllegalStateException("not published: " + topic, e);
            }
        }
    }

    private void subscribe() throws MqttException {
        client.subscribe(topics(), AT_LEAST_ONCE).waitForCompletion(TIMEOUT_MILLIS);
        subscribed = true;
    }

    private String[] topics() {
        return new String[] {prefix + "+/+", prefix + "+/base/baseline"};
    }

    private void arrived(String topic, byte[] payload) {
        String[] levels = topic.substring(prefix.length()).split("/", 2);
        FakeBase base = bases.get(levels[0]);
        if (base == null) {
            return;
        }
        if (levels[1].equals(ArkletJson.BATCH)) {
            base.arrived(levels[1], payload); // not answered here: a batch is a baseline
        } else {
            base.handle(levels[1], payload, answer -> say(base, answer));
        }
    }

    /** Nothing here waits: this is the client's only thread. */
    private final class Callback implements MqttCallbackExtended {
        @Override
        public void connectComplete(boolean reconnect, String uri) {
            if (reconnect) {
                try {
                    client.subscribe(topics(), AT_LEAST_ONCE, null, new Subscribed());
                } catch (MqttException e) {
                    throw new IllegalStateException(e);
                }
            }
        }

        @Override
        public void connectionLost(Throwable cause) {
            subscribed = false;
        }

        @Override
        public void messageArrived(String topic, MqttMessage message) {
            arrived(topic, message.getPayload());
        }

        @Override
        public void deliveryComplete(IMqttDeliveryToken token) {}
    }

    private final class Subscribed implements IMqttActionListener {
        @Override
        public void onSuccess(IMqttToken token) {
            subscribed = true;
        }

        @Override
        public void onFailure(IMqttToken token, Throwable cause) {}
    }
}
