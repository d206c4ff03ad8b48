package io.koupleless.controller.vnode;

import static io.koupleless.controller.tunnel.Operation.INSTALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class SlotsTest {
    private static final ModuleRef EARLIER = new ModuleRef("earlier", "1");
    private static final ModuleRef NEVER = new ModuleRef("never", "1");

    private final Slots slots = new Slots(At.TIMES, new Ledger(At.TIMES, At.seconds(0)));

    private void answeredInstall(ModuleRef ref, double at) {
        Slot slot = slots.of(ref, At.seconds(at));
        slot.sent(INSTALL, "hash", Duration.ofSeconds(30), At.seconds(at));
        slot.answered(INSTALL, At.seconds(at + 1));
    }

    @Test
    void whatWentToTheNewProcessBeforeWeKnewOfItCountsThoughItIsAnsweredAlready() {
        answeredInstall(EARLIER, 5);
        answeredInstall(At.BIZ, 15);
        slots.of(NEVER, At.seconds(16));

        assertThat(slots.baseRestarted(At.nanos(10), At.seconds(20))).containsExactly(At.BIZ);
    }
}
