package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over MQTT: {@link MainJobStory}. */
@ResourceLock(Lane.MQTT)
class MainJobIT extends MainJobStory {
    MainJobIT() {
        super(MqttStage.get());
    }
}
