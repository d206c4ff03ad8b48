package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over HTTP: {@link PodChangesStory}. */
@ResourceLock(Lane.HTTP)
class PodChangesOverHttpIT extends PodChangesStory {
    PodChangesOverHttpIT() {
        super(HttpStage.get());
    }
}
