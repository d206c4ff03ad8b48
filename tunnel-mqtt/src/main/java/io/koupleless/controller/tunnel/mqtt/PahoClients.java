package io.koupleless.controller.tunnel.mqtt;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.SocketFactory;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;
import org.eclipse.paho.mqttv5.client.MqttConnectionOptions;

/** Makes Paho clients of the version asked for, each with options of its own. */
final class PahoClients implements BrokerClient.Factory {
    private static final int RETAINED_IN_FLIGHT = 1_024;

    private final MqttSettings settings;
    private final SocketFactory sockets;

    /** Reads certificates and keys: fails when one cannot be used. */
    PahoClients(MqttSettings settings, ScheduledExecutorService timer) {
        this.settings = settings;
        MqttSettings.Tls tls = settings.tls();
        this.sockets =
                new BrokerSockets(
                        tls == null ? null : new TlsSockets(TlsContext.of(tls), tls.verify()),
                        timer);
    }

    @Override
    public String broker() {
        return settings.uri();
    }

    @Override
    public BrokerClient create(BrokerClient.Events events) {
        String clientId = settings.login().mqttClientId();
        return switch (settings.broker().version()) {
            case V3_1_1 -> new Paho3Client(options3(), clientId, events);
            case V5 -> new Paho5Client(options5(), clientId, events);
        };
    }

    private MqttConnectOptions options3() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setServerURIs(new String[] {settings.pahoUri()});
        options.setMqttVersion(MqttConnectOptions.MQTT_VERSION_3_1_1);
        options.setCleanSession(true);
        options.setAutomaticReconnect(true); // the manager turns it off: BrokerLink does that
        options.setKeepAliveInterval((int) settings.limits().keepAlive().toSeconds());
        options.setConnectionTimeout((int) settings.limits().connectTimeout().toSeconds());
        options.setMaxInflight(settings.limits().window() + RETAINED_IN_FLIGHT);
        options.setSocketFactory(sockets);
        if (!settings.login().username().isEmpty()) {
            options.setUserName(settings.login().username());
            options.setPassword(settings.login().password().toCharArray());
        }
        return options;
    }

    private MqttConnectionOptions options5() {
        MqttConnectionOptions options = new MqttConnectionOptions();
        options.setServerURIs(new String[] {settings.pahoUri()});
        options.setCleanStart(true);
        options.setAutomaticReconnect(true); // the manager turns it off: BrokerLink does that
        options.setKeepAliveInterval((int) settings.limits().keepAlive().toSeconds());
        options.setConnectionTimeout((int) settings.limits().connectTimeout().toSeconds());
        options.setMaximumPacketSize(4L * settings.limits().maxPayloadBytes());
        options.setSocketFactory(sockets);
        if (!settings.login().username().isEmpty()) {
            options.setUserName(settings.login().username());
            options.setPassword(settings.login().password().getBytes(StandardCharsets.UTF_8));
        }
        return options;
    }
}
