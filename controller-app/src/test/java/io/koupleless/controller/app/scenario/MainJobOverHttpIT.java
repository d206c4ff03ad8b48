package io.koupleless.controller.app.scenario;

/** Over HTTP: {@link MainJobStory}. */
class MainJobOverHttpIT extends MainJobStory {
    MainJobOverHttpIT() {
        super(HttpStage.get());
    }
}
