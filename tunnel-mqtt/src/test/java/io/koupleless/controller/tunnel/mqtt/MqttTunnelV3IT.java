package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import io.koupleless.controller.testkit.tunnel.TunnelContract;
import io.koupleless.controller.testkit.tunnel.TunnelHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

/** The tunnel keeps a tunnel's promises over MQTT 3.1.1. */
class MqttTunnelV3IT extends TunnelContract {
    private static EmbeddedBroker broker;
    private static MqttFakeBases bases;

    @BeforeAll
    static void startBroker() {
        broker = EmbeddedBroker.start(BrokerOptions.defaults());
        bases = MqttFakeBases.connect("tcp://%s:%d".formatted(broker.host(), broker.port()), "dev");
    }

    @AfterAll
    static void stopBroker() {
        bases.close();
        broker.close();
    }

    @Override
    protected TunnelHarness open() {
        return new MqttHarness(broker, bases, MqttVersion.V3_1_1);
    }
}
