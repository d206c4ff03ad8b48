package io.koupleless.controller.app.settings;

import io.koupleless.controller.tunnel.mqtt.MqttSettings;
import io.koupleless.controller.tunnel.mqtt.MqttVersion;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The tunnel of profile mqtt.
 *
 * @param host Host name or address of the broker.
 * @param port Port of the broker.
 * @param version Protocol version spoken with the broker; bases may speak another one.
 * @param username User at the broker; empty for none.
 * @param password Password of the user.
 * @param clientPrefix First part of the client id, before @@@ and the identity.
 * @param keepAlive Between two pings; a dead connection is noticed after at most twice that.
 * @param connectTimeout Of each step of connecting.
 * @param maxReconnectDelay Longest pause between two attempts to connect.
 * @param window Commands under way that the broker has not acknowledged yet.
 * @param maxPayload Largest message, in both directions.
 * @param retainedQuiet Retained commands of others are looked for until none came for so long.
 */
public record MqttProperties(
        @DefaultValue("localhost") String host,
        @DefaultValue("1883") int port,
        @DefaultValue("v3.1.1") MqttVersion version,
        @DefaultValue("") String username,
        @DefaultValue("") String password,
        @DefaultValue("koupleless") String clientPrefix,
        @DefaultValue Tls tls,
        @DefaultValue("20s") Duration keepAlive,
        @DefaultValue("10s") Duration connectTimeout,
        @DefaultValue("15s") Duration maxReconnectDelay,
        @DefaultValue("1024") int window,
        @DefaultValue("1MB") DataSize maxPayload,
        @DefaultValue("1s") Duration retainedQuiet) {

    /**
     * To the broker; every file is PEM.
     *
     * @param enabled Whether the connection is protected; it also is when ca-path is set.
     * @param verify Whether the broker's certificate and host name are checked.
     * @param caPath Certificates of whom to trust; without it the JDK's.
     * @param clientCertPath Our own certificate with its chain, if the broker asks for one.
     * @param clientKeyPath Its private key, not encrypted.
     */
    public record Tls(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("true") boolean verify,
            @Nullable Path caPath,
            @Nullable Path clientCertPath,
            @Nullable Path clientKeyPath) {

        public boolean used() {
            return enabled || caPath != null;
        }
    }

    public MqttSettings toSettings(String env, String instance) {
        return new MqttSettings(
                env,
                new MqttSettings.Broker(host, port, version),
                new MqttSettings.Login(clientPrefix, instance, username, password),
                tls.used()
                        ? new MqttSettings.Tls(
                                tls.caPath, tls.clientCertPath, tls.clientKeyPath, tls.verify)
                        : null,
                new MqttSettings.Limits(
                        keepAlive,
                        connectTimeout,
                        maxReconnectDelay,
                        window,
                        Math.toIntExact(maxPayload.toBytes()),
                        retainedQuiet));
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "MqttProperties[%s:%d, username=%s, tls=%s]".formatted(host, port, username, tls);
    }
}
