package io.koupleless.controller.app.benchmark;

import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.process.FreePorts;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/** Fake bases at the wire, over one tunnel or the other, that beat as real ones do. */
sealed interface BenchFleet extends AutoCloseable {

    /** The controller's profile. */
    String profile();

    Optional<BrokerAddress> broker();

    /** What the controller has to be told of it. */
    Map<String, String> settings();

    /** Once the controller listens: these bases live from now on. */
    void join(Iterable<FakeBase> bases);

    @Override
    void close();

    static BenchFleet of(String profile) {
        return profile.equals("mqtt") ? new OverMqtt() : new OverHttp();
    }

    /** On an embedded broker. */
    final class OverMqtt implements BenchFleet {
        private final EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults());
        private final MqttFakeBases bases =
                MqttFakeBases.connect("tcp://" + broker.host() + ":" + broker.port(), "dev");
        private final ScheduledExecutorService hearts = Executors.newScheduledThreadPool(1);

        @Override
        public String profile() {
            return "mqtt";
        }

        @Override
        public Optional<BrokerAddress> broker() {
            return Optional.of(new BrokerAddress(broker.host(), broker.port()));
        }

        @Override
        public Map<String, String> settings() {
            return Map.of();
        }

        @Override
        public void join(Iterable<FakeBase> joining) {
            Awaitility.await().until(bases::isSubscribed);
            joining.forEach(bases::join);
            hearts.scheduleAtFixedRate(bases::heartbeats, 0, 10, TimeUnit.SECONDS);
        }

        @Override
        public void close() {
            hearts.shutdownNow();
            bases.close();
            broker.close();
        }
    }

    /** Each at a loopback address of its own. */
    final class OverHttp implements BenchFleet {
        private final int port = FreePorts.next();
        private final HttpFakeBases bases = HttpFakeBases.open();

        @Override
        public String profile() {
            return "http";
        }

        @Override
        public Optional<BrokerAddress> broker() {
            return Optional.empty();
        }

        @Override
        public Map<String, String> settings() {
            return Map.of(
                    "MODULE_CONTROLLER_HTTP_PORT",
                    Integer.toString(port),
                    "MODULE_CONTROLLER_HTTP_ALLOW_LOOPBACK",
                    "true");
        }

        @Override
        public void join(Iterable<FakeBase> joining) {
            URI endpoint = URI.create("http://127.0.0.1:" + port);
            for (FakeBase base : joining) {
                bases.join(base);
                bases.heartbeat(base, endpoint);
            }
            bases.heartbeats(endpoint, Duration.ofSeconds(12));
        }

        /** Its process has ended. */
        void end(FakeBase base) {
            bases.leave(base);
        }

        @Override
        public void close() {
            bases.close();
        }
    }
}
