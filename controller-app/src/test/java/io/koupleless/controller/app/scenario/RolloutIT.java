package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over MQTT: {@link RolloutStory}. */
@ResourceLock(Lane.MQTT)
class RolloutIT extends RolloutStory {
    RolloutIT() {
        super(MqttStage.get());
    }
}
