package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over HTTP: {@link MainJobStory}. */
@ResourceLock(Lane.HTTP)
class MainJobOverHttpIT extends MainJobStory {
    MainJobOverHttpIT() {
        super(HttpStage.get());
    }
}
