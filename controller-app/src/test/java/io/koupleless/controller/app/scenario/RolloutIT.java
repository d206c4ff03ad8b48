package io.koupleless.controller.app.scenario;

/** Over MQTT: {@link RolloutStory}. */
class RolloutIT extends RolloutStory {
    RolloutIT() {
        super(MqttStage.get());
    }
}
