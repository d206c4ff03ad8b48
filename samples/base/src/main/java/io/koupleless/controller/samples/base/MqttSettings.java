package io.koupleless.controller.samples.base;

import com.alipay.sofa.koupleless.arklet.core.common.exception.ArkletInitException;
import java.util.Optional;
import org.eclipse.paho.client.mqttv3.MqttConnectOptions;

/** How to reach the broker, taken from the system properties {@code koupleless.arklet.mqtt.*}. */
record MqttSettings(
        String broker, int port, String username, String password, String clientPrefix, Optional<MutualTls> tls) {

    private static final String PREFIX = "koupleless.arklet.mqtt.";

    static boolean enabled() {
        return "true".equals(System.getProperty(PREFIX + "enable"));
    }

    /** Without one of the required properties the base does not start. */
    static MqttSettings fromSystemProperties() {
        return new MqttSettings(
                required("broker"),
                port(required("port")),
                required("username"),
                required("password"),
                required("client.prefix"),
                optional("ca_path")
                        .map(ca -> new MutualTls(ca, required("client_crt_path"), required("client_key_path"))));
    }

    String serverUri() {
        return "%s://%s:%d".formatted(tls.isPresent() ? "ssl" : "tcp", broker, port);
    }

    String clientId(String identity) {
        return clientPrefix + "@@@" + identity;
    }

    MqttConnectOptions connectOptions() {
        MqttConnectOptions options = new MqttConnectOptions();
        options.setUserName(username);
        options.setPassword(password.toCharArray());
        options.setCleanSession(true);
        options.setKeepAliveInterval(60);
        options.setAutomaticReconnect(true);
        options.setMaxReconnectDelay(5_000); // after an outage; else up to two minutes of silence
        options.setMaxInflight(1000);
        tls.map(MutualTls::socketFactory).ifPresent(options::setSocketFactory);
        return options;
    }

    private static int port(String text) {
        try {
            return Integer.parseInt(text);
        } catch (NumberFormatException e) {
            throw new ArkletInitException(e);
        }
    }

    private static String required(String name) {
        return optional(name)
                .orElseThrow(() -> new ArkletInitException("Invalid arklet mqtt %s: empty".formatted(name)));
    }

    private static Optional<String> optional(String name) {
        return Optional.ofNullable(System.getProperty(PREFIX + name)).filter(text -> !text.isEmpty());
    }
}
