package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over MQTT: {@link PodChangesStory}. */
@ResourceLock(Lane.MQTT)
class PodChangesIT extends PodChangesStory {
    PodChangesIT() {
        super(MqttStage.get());
    }
}
