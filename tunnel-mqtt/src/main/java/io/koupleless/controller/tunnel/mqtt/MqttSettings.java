package io.koupleless.controller.tunnel.mqtt;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Everything that {@link MqttTunnel} has to be told.
 *
 * @param env of the bases; lower-cased in topics
 * @param tls null for a plain connection
 */
public record MqttSettings(
        String env, Broker broker, Login login, @Nullable Tls tls, Limits limits) {

    public MqttSettings {
        if (env.isBlank() || !MqttTopics.isLevel(env)) {
            throw new IllegalArgumentException(
                    "env must be one level of a topic, without '/', '+' and '#': '" + env + "'");
        }
    }

    /** The broker's address, for people. */
    String uri() {
        return (tls == null ? "tcp://" : "ssl://") + authority();
    }

    /** Always plain to Paho: {@link BrokerSocket} does TLS. */
    String pahoUri() {
        return "tcp://" + authority();
    }

    private String authority() {
        String host = broker.host();
        String literal = host.indexOf(':') >= 0 && !host.startsWith("[") ? "[" + host + "]" : host;
        return literal + ":" + broker.port();
    }

    /** Where the broker is and what it speaks. */
    public record Broker(String host, int port, MqttVersion version) {
        public Broker {
            if (host.isBlank()) {
                throw new IllegalArgumentException("host must not be blank (MQTT_BROKER)");
            }
            if (port < 1 || port > 65_535) {
                throw new IllegalArgumentException("port out of range (MQTT_PORT): " + port);
            }
        }
    }

    /**
     * Who we are to the broker.
     *
     * @param clientPrefix first part of the client id
     * @param clientId second part; must be unique among the controllers of a broker
     * @param username empty for none
     */
    public record Login(String clientPrefix, String clientId, String username, String password) {
        public Login {
            if (clientId.isBlank()) {
                throw new IllegalArgumentException("clientId must not be blank (CLIENT_ID)");
            }
        }

        /** {@code <prefix>@@@<clientId>}. */
        public String mqttClientId() {
            return clientPrefix + "@@@" + clientId;
        }

        @Override
        public String toString() {
            return "Login[" + mqttClientId() + ", username=" + username + "]";
        }
    }

    /**
     * How the connection is protected; every file is PEM.
     *
     * @param caPath whom to trust; null for the JDK's trust store
     * @param clientCertPath our own certificate, with its chain, if the broker asks for one
     * @param clientKeyPath its private key, not encrypted: PKCS#8 (RSA, EC) or PKCS#1 (RSA)
     * @param verify false accepts any server, as the Go controller did
     */
    public record Tls(
            @Nullable Path caPath,
            @Nullable Path clientCertPath,
            @Nullable Path clientKeyPath,
            boolean verify) {}

    /**
     * Bounds on time and space.
     *
     * @param keepAlive between pings; a dead connection is noticed after at most twice that
     * @param connectTimeout for each step of connecting: TCP and TLS, then subscribing
     * @param maxReconnectDelay cap of the growing, jittered delay between attempts
     * @param window commands that the broker has not acknowledged yet
     * @param maxPayloadBytes of one message, in both directions
     * @param retainedQuiet retained commands are looked for until none has come for so long
     */
    public record Limits(
            Duration keepAlive,
            Duration connectTimeout,
            Duration maxReconnectDelay,
            int window,
            int maxPayloadBytes,
            Duration retainedQuiet) {
        public Limits {
            requireSeconds("keepAlive", keepAlive);
            requireSeconds("connectTimeout", connectTimeout);
            requireSeconds("maxReconnectDelay", maxReconnectDelay);
            if (window < 1 || window > 32_768) {
                throw new IllegalArgumentException("window must be 1 to 32768: " + window);
            }
            if (maxPayloadBytes < 1_024) {
                throw new IllegalArgumentException(
                        "maxPayloadBytes must be at least 1024: " + maxPayloadBytes);
            }
            if (retainedQuiet.isNegative() || retainedQuiet.isZero()) {
                throw new IllegalArgumentException(
                        "retainedQuiet must be longer than 0: " + retainedQuiet);
            }
        }

        public static Limits defaults() {
            return new Limits(
                    Duration.ofSeconds(20),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    1_024,
                    1 << 20,
                    Duration.ofSeconds(1));
        }

        private static void requireSeconds(String name, Duration value) {
            if (value.compareTo(Duration.ofSeconds(1)) < 0
                    || value.compareTo(Duration.ofHours(1)) > 0) {
                throw new IllegalArgumentException(name + " must be 1 s to 1 h: " + value);
            }
        }
    }
}
