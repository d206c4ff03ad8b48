package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.RecordingCounters;
import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Whatever is published on our topics, the good messages after it still arrive. */
class BadInputIT {
    private final RecordingListener heard = new RecordingListener();
    private final RecordingCounters counters = new RecordingCounters();
    private EmbeddedBroker broker;

    @BeforeEach
    void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.defaults());
    }

    @AfterEach
    void stopBroker() {
        broker.close();
    }

    @ParameterizedTest
    @EnumSource
    void isCountedAndDropped(MqttVersion version) throws Exception {
        FakeBase good = FakeBase.of("Good-" + "b".repeat(295));
        byte[] heartbeat = good.heartbeat().payload();
        try (RawClient anybody = new RawClient(broker);
                MqttTunnel tunnel = new MqttTunnel(TestSettings.plain(broker, version), counters)) {
            anybody.retain("koupleless_dev/past/base/heart", "{}");
            tunnel.start(heard);
            heard.awaitLink(true);

            anybody.publish("koupleless_dev/b/base/heart", text("{\"data\":"));
            anybody.publish("koupleless_dev/b/base/heart", text(""));
            anybody.publish("koupleless_dev/b/base/heart", text("[]"));
            anybody.publish("koupleless_dev/b/base/simpleBiz", text("{\"data\":{\"a\":1}}"));
            anybody.publish("koupleless_dev/b/base/health", text("[".repeat(200_000)));
            anybody.publish("koupleless_dev/b/base/health", text("{\"data\":".repeat(100_000)));
            anybody.publish("koupleless_dev/b/base/bizOperation", new byte[(1 << 20) + 1]);
            anybody.publish("koupleless_dev/b/base/bizOperation", blank(1 << 20));
            anybody.publish("koupleless_dev//base/heart", heartbeat);
            anybody.publish("koupleless_prod/b/base/heart", heartbeat);
            anybody.publish("koupleless_DEV/b/base/heart", heartbeat);
            anybody.publish("koupleless_dev/a/b/base/heart", heartbeat);
            anybody.publish("koupleless_dev/b/base/unknown", heartbeat);
            anybody.publish("koupleless_dev/" + good.id() + "/base/heart", heartbeat);

            heard.await(good.id(), BaseSeen.class);
            assertThat(heard.events()).hasSize(2); // the link, and the good one
            assertThat(counters.count("too-large")).isEqualTo(1);
            assertThat(counters.count("topic")).isEqualTo(1);
            assertThat(counters.count("retained")).isEqualTo(1);
            assertThat(counters.count("malformed")).isEqualTo(7);
            assertThat(heard.link()).containsExactly(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void anIdentityThatIsNoTopicIsRejected(MqttVersion version) {
        try (MqttTunnel tunnel = new MqttTunnel(TestSettings.plain(broker, version), counters)) {
            tunnel.start(heard);
            heard.awaitLink(true);
            for (String identity : new String[] {"a/b", "+", "a#"}) {
                Message message =
                        new Message(
                                new BaseId(identity),
                                new Command.QueryHealth(),
                                Duration.ofSeconds(1),
                                () -> true);
                assertThat(tunnel.send(message).toCompletableFuture().exceptionNow())
                        .isInstanceOf(TunnelException.Rejected.class);
            }
        }
    }

    private static byte[] text(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] blank(int size) {
        byte[] blank = new byte[size];
        Arrays.fill(blank, (byte) ' ');
        return blank;
    }
}
