package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.SampleBase;

/** Over HTTP: {@link OutageStory}. */
class OutageOverHttpIT extends OutageStory {
    OutageOverHttpIT() {
        super(HttpStage.get());
    }

    /** At an address that the controller was told when it was started; no Pod tells of it. */
    @Override
    SampleBase baseThatRestarts() {
        return HttpStage.get().listedBase();
    }
}
