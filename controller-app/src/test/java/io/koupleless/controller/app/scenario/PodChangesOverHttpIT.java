package io.koupleless.controller.app.scenario;

/** Over HTTP: {@link PodChangesStory}. */
class PodChangesOverHttpIT extends PodChangesStory {
    PodChangesOverHttpIT() {
        super(HttpStage.get());
    }
}
