package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LedgerTest {
    private static final ModuleEntry ENTRY =
            new ModuleEntry(
                    At.BIZ,
                    At.BIZ,
                    EntryState.INSTALLING,
                    new PodRef("default", "pod-1", "uid-1"),
                    "",
                    "hash",
                    At.WALL);
    private static final BaseRecord STORED =
            new BaseRecord(3, Optional.of(At.WALL), Map.of(At.BIZ, ENTRY));

    private final Ledger ledger = new Ledger(At.TIMES, At.seconds(0));

    private boolean read(Optional<BaseRecord> found) {
        assertThat(ledger.next(At.seconds(0))).contains(new Effect.ReadRecord());
        return ledger.finished(
                new Outcome.RecordRead(found.map(r -> new Outcome.Stored(r, "7"))), At.seconds(0));
    }

    @Test
    void theLeaseBeforeTheRecordDoesNotWipeTheRecord() {
        ledger.generation(4, At.seconds(0));

        assertThat(read(Optional.of(STORED))).isTrue();

        assertThat(ledger.entries()).containsKey(At.BIZ);
        assertThat(ledger.wanted().processStart()).contains(At.WALL);
    }

    @Test
    void theTimeOfSendingIsThatOfTheWriteThatWentThrough() {
        read(Optional.empty());
        ledger.put(ENTRY, At.seconds(0));
        ledger.next(At.seconds(0));
        ledger.finished(new Outcome.Failed("reset"), At.seconds(1));

        ledger.next(At.seconds(30));
        ledger.finished(new Outcome.Written("8"), At.seconds(31));

        assertThat(ledger.covers(At.BIZ)).isTrue();
        assertThat(ledger.entries().get(At.BIZ).sentAt()).isEqualTo(At.WALL.plusSeconds(30));
    }

    @Test
    void coversWhatIsStoredUnderTheOwnGeneration() {
        read(Optional.of(STORED));
        assertThat(ledger.covers(At.BIZ)).isTrue();

        ledger.generation(4, At.seconds(1));
        assertThat(ledger.covers(At.BIZ)).isFalse();

        Effect write = ledger.next(At.seconds(1)).orElseThrow();
        assertThat(write)
                .isEqualTo(new Effect.WriteRecord(STORED.withGeneration(4), Optional.of("7")));
        ledger.finished(new Outcome.Written("8"), At.seconds(1));
        assertThat(ledger.covers(At.BIZ)).isTrue();
    }

    @Test
    void findsWhoseModuleIsCalledSo() {
        ModuleRef other = new ModuleRef("other", "2");
        read(Optional.of(STORED));
        assertThat(ledger.holderOf(At.BIZ, other)).contains(ENTRY);
        assertThat(ledger.holderOf(At.BIZ, At.BIZ)).isEmpty();
        assertThat(ledger.holderOf(other, At.BIZ)).isEmpty();

        ledger.put(ENTRY.installedAs(other), At.seconds(1));
        assertThat(ledger.holderOf(other, other)).contains(ENTRY.installedAs(other));
        assertThat(ledger.holderOf(other, At.BIZ)).isEmpty();
        assertThat(ledger.holderOf(At.BIZ, other)).isEmpty();
    }

    @Test
    void whatOnlySavesWorkWaitsForMore() {
        read(Optional.of(STORED));

        ledger.putLazily(ENTRY.installedAs(At.BIZ), At.seconds(10));

        assertThat(ledger.next(At.seconds(14.9))).isEmpty();
        assertThat(ledger.nextLook()).isEqualTo(At.nanos(15));
        assertThat(ledger.next(At.seconds(15))).isPresent();
    }

    @Test
    void oneWriteIsUnderWayAndNothingIsWrittenTwice() {
        read(Optional.empty());
        ledger.put(ENTRY, At.seconds(1));

        assertThat(ledger.next(At.seconds(1))).isPresent();
        assertThat(ledger.next(At.seconds(1))).isEmpty();
        ledger.finished(new Outcome.Written("1"), At.seconds(2));
        assertThat(ledger.next(At.seconds(60))).isEmpty();
    }

    @Test
    void theNextWriteWaitsAsLongAsTheLastOneTookButNotForLong() {
        read(Optional.empty());
        ledger.put(ENTRY, At.seconds(1));
        ledger.next(At.seconds(1));
        ledger.finished(new Outcome.Written("8"), At.seconds(1.1));

        ledger.put(ENTRY.in(EntryState.REMOVING, At.WALL), At.seconds(1.1));
        assertThat(ledger.next(At.seconds(1.19))).isEmpty();
        assertThat(ledger.next(At.seconds(1.2))).isPresent();

        ledger.finished(new Outcome.Written("9"), At.seconds(9));
        ledger.put(ENTRY, At.seconds(9));
        assertThat(ledger.next(At.seconds(9.29))).isEmpty();
        assertThat(ledger.next(At.seconds(9.3))).isPresent();
    }

    @Test
    void aConflictReadsTheVersionAndKeepsWhatWeKnow() {
        read(Optional.of(STORED));
        ledger.put(ENTRY.in(EntryState.REMOVING, At.WALL), At.seconds(1));
        ledger.next(At.seconds(1));

        ledger.finished(new Outcome.Conflict(), At.seconds(1));
        assertThat(ledger.loaded()).isFalse();
        assertThat(ledger.next(At.seconds(1))).contains(new Effect.ReadRecord());
        ledger.finished(
                new Outcome.RecordRead(Optional.of(new Outcome.Stored(STORED, "9"))),
                At.seconds(1));

        assertThat(ledger.entries().get(At.BIZ).state()).isEqualTo(EntryState.REMOVING);
    }

    @Test
    void anotherProcessKeepsOnlyWhatWasSentToIt() {
        read(Optional.of(STORED));

        Instant later = At.WALL.plusSeconds(1);
        ledger.restarted(later, Set.of(At.BIZ), At.seconds(1));
        assertThat(ledger.entries()).containsKey(At.BIZ);
        ledger.restarted(later, Set.of(), At.seconds(2));
        assertThat(ledger.entries()).isEmpty();
    }

    @Test
    void whatAnEarlierControllerRecordedAfterTheStartIsKept() {
        // It did not know of the new process yet, and may have installed on it.
        read(Optional.of(STORED));

        ledger.restarted(At.WALL.minusSeconds(1), Set.of(), At.seconds(1));

        assertThat(ledger.entries()).containsKey(At.BIZ);
    }
}
