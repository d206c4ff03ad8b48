package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over HTTP: {@link RolloutStory}. */
@ResourceLock(Lane.HTTP)
class RolloutOverHttpIT extends RolloutStory {
    RolloutOverHttpIT() {
        super(HttpStage.get());
    }
}
