package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelException;
import java.time.Duration;
import java.util.Set;
import org.apache.activemq.artemis.core.security.Role;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A broker that does not let us do everything. */
class AccessControlIT {
    private static final Duration SOON = Duration.ofSeconds(30);

    private final RecordingListener heard = new RecordingListener();
    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.defaults().login("user", "s3cret"));
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void withoutTheRightToReadCommandsTheLinkComesUpAllTheSame(MqttVersion version) {
        allow("koupleless_dev.*.*", true, false);
        try (MqttTunnel tunnel = tunnel(version)) {
            tunnel.start(heard);
            heard.awaitLink(true);
            assertThat(tunnel.send(message("b1")).toCompletableFuture()).succeedsWithin(SOON);
        }
    }

    @Test
    void aCommandThatMayNotBePublishedIsRejectedInVersion5() {
        allow("koupleless_dev.forbidden.health", false, false);
        try (MqttTunnel tunnel = tunnel(MqttVersion.V5)) {
            tunnel.start(heard);
            heard.awaitLink(true);
            assertThat(tunnel.send(message("forbidden")).toCompletableFuture())
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(TunnelException.Rejected.class);
            assertThat(tunnel.send(message("b1")).toCompletableFuture()).succeedsWithin(SOON);
            assertThat(heard.link()).containsExactly(true);
        }
    }

    private void allow(String addresses, boolean send, boolean read) {
        Role role =
                new Role(
                        "everything",
                        send,
                        read,
                        read,
                        read,
                        read,
                        read,
                        false,
                        false,
                        true,
                        true,
                        false,
                        false);
        broker.server().getSecurityRepository().addMatch(addresses, Set.of(role));
    }

    private MqttTunnel tunnel(MqttVersion version) {
        return new MqttTunnel(
                TestSettings.of(
                        broker.host(),
                        broker.port(),
                        version,
                        TestSettings.login("user", "s3cret"),
                        null),
                TunnelCounters.none());
    }

    private static Message message(String base) {
        return new Message(new BaseId(base), new Command.QueryHealth(), SOON, () -> true);
    }
}
