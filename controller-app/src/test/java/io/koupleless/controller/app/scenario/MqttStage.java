package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.BaseMetadata;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** A broker, and bases that announce themselves to it. */
final class MqttStage extends Stage {
    private static final Map<String, String> PEERS =
            Map.of(
                    "ENABLE_MODULE_REPLICAS_SYNC_WITH_BASE", "true",
                    "MODULE_CONTROLLER_PEERS_NOT_READY_GRACE", "2s",
                    "MODULE_CONTROLLER_PEERS_QUIET_AFTER_START", "1s");

    private static final class Holder {
        static final MqttStage STAGE = new MqttStage("scenarios-mqtt", Map.of());
    }

    private static final class HolderOfOutages {
        static final MqttStage STAGE = new MqttStage("scenarios-outages", Premises.LATE_RETURN);
    }

    private final EmbeddedBroker broker;
    private final ControllerProcess controller;

    static MqttStage get() {
        return Holder.STAGE;
    }

    /** A second one, for what takes its time: a base may be away for long. */
    static MqttStage ofOutages() {
        return HolderOfOutages.STAGE;
    }

    private MqttStage(String name, Map<String, String> more) {
        super(name);
        broker = EmbeddedBroker.start(BrokerOptions.defaults());
        startBases();
        Map<String, String> settings = new HashMap<>(PEERS);
        settings.putAll(more);
        controller = startController("mqtt", Optional.of(brokerAddress()), settings);
        awaitBases();
    }

    @Override
    void close() {
        if (controller != null) {
            controller.close();
        }
        super.close();
        if (broker != null) {
            broker.close();
        }
    }

    BrokerAddress brokerAddress() {
        return new BrokerAddress(broker.host(), broker.port());
    }

    EmbeddedBroker broker() {
        return broker;
    }

    /** A connection for bases that are played at the wire. */
    MqttFakeBases fakeBases() {
        return MqttFakeBases.connect("tcp://" + broker.host() + ":" + broker.port(), ENV);
    }

    @Override
    String tunnel() {
        return "mqtt_tunnel_provider";
    }

    @Override
    ControllerProcess controller() {
        return controller;
    }

    @Override
    BrokerTap tap() {
        return BrokerTap.connect(brokerAddress(), ENV);
    }

    @Override
    SampleBaseOptions optionsOf(String identity) {
        return SampleBaseOptions.of(identity, brokerAddress(), directory())
                .metadata(BaseMetadata.of(identity).inEnv(ENV));
    }

    @Override
    void introduce(SampleBase base) {
        // its heartbeats do
    }

    @Override
    void conceal(SampleBase base) {
        // its heartbeats go on
    }

    @Override
    void reveal(SampleBase base) {
        // they went on
    }

    @Override
    void forget(SampleBase base) {
        // they have ended with it
    }

    @Override
    String labelOf(SampleBase base) {
        return "base.koupleless.io/host-name=" + base.identity();
    }
}
