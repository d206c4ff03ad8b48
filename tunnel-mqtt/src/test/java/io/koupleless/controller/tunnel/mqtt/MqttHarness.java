package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import io.koupleless.controller.testkit.tunnel.RecordingCounters;
import io.koupleless.controller.testkit.tunnel.TunnelHarness;
import io.koupleless.controller.testkit.tunnel.WireMessage;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;

/** A real broker between the tunnel and fake bases; cutting the link is stopping the broker. */
final class MqttHarness implements TunnelHarness {
    private final RecordingCounters counters = new RecordingCounters();
    private final List<FakeBase> joined = new ArrayList<>();
    private final EmbeddedBroker broker;
    private final MqttFakeBases bases;
    private final MqttTunnel tunnel;

    MqttHarness(EmbeddedBroker broker, MqttFakeBases bases, MqttVersion version) {
        this.broker = broker;
        this.bases = bases;
        tunnel = new MqttTunnel(TestSettings.plain(broker, version), counters);
    }

    @Override
    public MqttTunnel tunnel() {
        return tunnel;
    }

    @Override
    public RecordingCounters counters() {
        return counters;
    }

    @Override
    public void join(FakeBase base) {
        joined.add(bases.join(base));
    }

    @Override
    public void say(FakeBase base, WireMessage message) {
        bases.say(base, message);
    }

    @Override
    public void garble(FakeBase base) {
        say(base, new WireMessage("heart", "{\"data\":".getBytes(StandardCharsets.UTF_8)));
    }

    @Override
    public void cut() {
        broker.stop();
    }

    @Override
    public void restore() {
        broker.start();
        Awaitility.await().atMost(Duration.ofSeconds(45)).until(bases::isSubscribed);
    }

    @Override
    public void close() {
        joined.forEach(bases::leave);
        restore();
    }
}
