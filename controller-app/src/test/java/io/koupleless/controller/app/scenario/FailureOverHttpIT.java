package io.koupleless.controller.app.scenario;

/** Over HTTP: {@link FailureStory}. */
class FailureOverHttpIT extends FailureStory {
    FailureOverHttpIT() {
        super(HttpStage.get());
    }
}
