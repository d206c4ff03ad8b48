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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What the Go controller left retained never reaches a base again. */
class RetainedCommandsIT {
    private static final String INSTALL = "{\"bizName\":\"old\",\"bizVersion\":\"1\"}";
    private static final String COMMAND = "koupleless_dev/Base-2/health {}";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static EmbeddedBroker broker;

    private final RecordingListener heard = new RecordingListener();

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.defaults());
    }

    @AfterAll
    static void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void areClearedBeforeAnyCommandMayLeave(MqttVersion version) throws Exception {
        try (RawClient go = new RawClient(broker);
                RawClient watcher = new RawClient(broker);
                RawClient base = new RawClient(broker);
                MqttTunnel tunnel =
                        new MqttTunnel(
                                TestSettings.plain(broker, version), TunnelCounters.none())) {
            go.retain("koupleless_dev/Base-1/installBiz", INSTALL);
            go.retain("koupleless_dev/Base-1/health", "{}");
            go.retain("koupleless_dev/Base-1/base/baseline", "[]");
            for (int i = 0; i < 300; i++) {
                go.retain("koupleless_dev/many-" + i + "/queryAllBiz", "{}");
            }
            go.retain("koupleless_other/Base-1/installBiz", INSTALL);
            watcher.subscribe("koupleless_dev/+/+");
            watcher.subscribe("koupleless_dev/+/base/baseline");

            assertThat(send(tunnel))
                    .failsWithin(SOON)
                    .withThrowableThat()
                    .withCauseInstanceOf(TunnelException.Unavailable.class);
            tunnel.start(heard);
            // Somebody who cannot wait: the first that is taken must come after the last cleared.
            Awaitility.await()
                    .atMost(SOON)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> taken(send(tunnel)));
            Awaitility.await().atMost(SOON).until(() -> watcher.heard().contains(COMMAND));
            assertThat(watcher.heard().subList(0, watcher.heard().indexOf(COMMAND)))
                    .filteredOn(line -> !line.startsWith("[retained]"))
                    .hasSize(303)
                    .allMatch(line -> line.endsWith(" "));

            base.subscribe("koupleless_dev/+/+");
            base.subscribe("koupleless_dev/+/base/baseline");
            base.subscribe("koupleless_other/+/+");
            Awaitility.await().atMost(SOON).until(() -> !base.heard().isEmpty());
            assertThat(base.heard())
                    .containsExactly("[retained] koupleless_other/Base-1/installBiz " + INSTALL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void commandsOfOthersAreLeftAlone(MqttVersion version) throws Exception {
        try (RawClient base = new RawClient(broker);
                RawClient replica = new RawClient(broker);
                MqttTunnel tunnel =
                        new MqttTunnel(
                                TestSettings.plain(broker, version), TunnelCounters.none())) {
            base.subscribe("koupleless_dev/b2/+");
            tunnel.start(heard);
            replica.publish("koupleless_dev/b2/health", "{}".getBytes());
            heard.awaitLink(true);
            Awaitility.await().atMost(SOON).until(() -> !base.heard().isEmpty());
            assertThat(base.heard()).containsExactly("koupleless_dev/b2/health {}");
        }
    }

    private static boolean taken(CompletableFuture<Void> sent) throws Exception {
        return sent.handle((ok, failure) -> failure == null)
                .get(SOON.toSeconds(), TimeUnit.SECONDS);
    }

    private static CompletableFuture<Void> send(MqttTunnel tunnel) {
        return tunnel.send(
                        new Message(
                                new BaseId("Base-2"), new Command.QueryHealth(), SOON, () -> true))
                .toCompletableFuture();
    }
}
