package io.koupleless.controller.app.scenario;

/** Over MQTT: {@link MainJobStory}. */
class MainJobIT extends MainJobStory {
    MainJobIT() {
        super(MqttStage.get());
    }
}
