package io.koupleless.controller.app.scenario;

/** Over MQTT: {@link PodChangesStory}. */
class PodChangesIT extends PodChangesStory {
    PodChangesIT() {
        super(MqttStage.get());
    }
}
