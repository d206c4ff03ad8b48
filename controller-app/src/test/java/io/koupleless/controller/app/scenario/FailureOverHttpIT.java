package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over HTTP: {@link FailureStory}. */
@ResourceLock(Lane.HTTP)
class FailureOverHttpIT extends FailureStory {
    FailureOverHttpIT() {
        super(HttpStage.get());
    }
}
