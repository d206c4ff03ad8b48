package io.koupleless.controller.app.scenario;

/** Over HTTP: {@link RolloutStory}. */
class RolloutOverHttpIT extends RolloutStory {
    RolloutOverHttpIT() {
        super(HttpStage.get());
    }
}
