package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Over HTTP: {@link OutageStory}. */
@ResourceLock(Lane.HTTP)
class OutageOverHttpIT extends OutageStory {
    OutageOverHttpIT() {
        super(HttpStage.get());
    }

    /** At an address that the controller was told when it was started; no Pod tells of it. */
    @Override
    SampleBase baseThatRestarts() {
        return HttpStage.get().listedBase();
    }

    @Override
    void endOfTheBaseThatRestarts(SampleBase base) {
        HttpStage.get().dismiss(base);
    }
}
