package io.koupleless.controller.vnode;

import static io.koupleless.controller.tunnel.Operation.INSTALL;
import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class AnswersTest {
    private static final ModuleRef OTHER = new ModuleRef("biz1", "9.0.0");
    private static final Duration MINUTE = Duration.ofSeconds(60);

    private final Ledger ledger = new Ledger(At.TIMES, At.seconds(0));
    private final Slots slots = new Slots(At.TIMES, ledger);
    private final Pods pods = new Pods(At.TIMES, At.seconds(0));
    private final VNodeSettings settings =
            new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults());
    private final Failures failures = new Failures(settings, ledger, pods, slots);
    private final Answers answers =
            new Answers(
                    At.TIMES,
                    ledger,
                    slots,
                    failures,
                    new QueryTrack(Duration.ofSeconds(5), At.seconds(0)));
    private final Outbox out = new Outbox();

    @BeforeEach
    void readRecord() {
        ledger.next(At.seconds(0));
        ledger.finished(
                new Outcome.RecordRead(Optional.of(new Outcome.Stored(BaseRecord.EMPTY, "1"))),
                At.seconds(0));
    }

    private static ModuleEntry entry(ModuleRef ref, EntryState state, String pod) {
        PodRef owner = new PodRef("default", pod, "uid-" + pod);
        return new ModuleEntry(ref, ref, state, owner, "", "hash", At.WALL);
    }

    private Slot installing(ModuleRef ref, double at) {
        ledger.put(entry(ref, EntryState.INSTALLING, "pod-1"), At.seconds(at));
        Slot slot = slots.of(ref, At.seconds(at));
        slot.sent(INSTALL, "hash", MINUTE, At.seconds(at));
        return slot;
    }

    private void done(ModuleRef asked, ModuleRef actual, double at) {
        Answer done = new Answer.Done(List.of(ModuleStatus.of(actual, ModuleState.ACTIVATED)));
        answers.answered(
                new TunnelEvent.CommandAnswered(new BaseId("b"), INSTALL, Optional.of(asked), done),
                out,
                At.seconds(at));
    }

    private ModuleEntry recorded(ModuleRef ref) {
        return ledger.entry(ref).orElseThrow();
    }

    @Test
    void whatTheJarCallsItselfIsRecordedAtOnce() {
        Slot slot = installing(At.BIZ, 0);

        done(At.BIZ, OTHER, 1);

        assertThat(recorded(At.BIZ).installed()).isEqualTo(OTHER);
        assertThat(recorded(At.BIZ).state()).isEqualTo(EntryState.INSTALLED);
        assertThat(slot.state()).contains(ModuleState.ACTIVATED);
        assertThat(ledger.next(At.seconds(1))).isPresent();
    }

    @Test
    void anAnswerThatCannotBeTheLastCommandsTellsTheNameOnly() {
        Slot slot = installing(At.BIZ, 0);
        slot.expire(At.seconds(60));
        slot.sent(INSTALL, "hash", MINUTE, At.seconds(70));

        done(At.BIZ, OTHER, 75);

        assertThat(recorded(At.BIZ).installed()).isEqualTo(OTHER);
        assertThat(recorded(At.BIZ).state()).isEqualTo(EntryState.INSTALLING);
        assertThat(slot.flight()).isPresent();
    }

    @Test
    void aJarThatTakesTheNameOfAnotherPodsModuleIsRefusedAndThatOneIsReloaded() {
        ledger.put(entry(OTHER, EntryState.INSTALLING, "pod-2"), At.seconds(0));
        Slot slot = installing(At.BIZ, 0);

        done(At.BIZ, OTHER, 1);

        assertThat(recorded(OTHER).state()).isEqualTo(EntryState.RELOADING);
        assertThat(recorded(At.BIZ).installed()).isEqualTo(At.BIZ);
        assertThat(slot.state()).isEmpty();
        assertThat(failures.open(At.BIZ).orElseThrow().message()).contains("default/pod-2");
    }
}
