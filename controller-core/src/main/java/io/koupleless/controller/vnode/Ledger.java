package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The record of what we installed: what it should say, what is known to be stored, and the one
 * write in flight between the two.
 */
final class Ledger {
    /** What only saves work after a restart waits so long for company. */
    private static final Duration COALESCE = Duration.ofSeconds(5);

    /** While writes are slow, the next one waits as long as the last one took, for company. */
    private static final Duration LONGEST_PAUSE = Duration.ofMillis(300);

    private final VNodeSettings.Times times;
    private BaseRecord wanted = BaseRecord.EMPTY;
    private BaseRecord stored = BaseRecord.EMPTY;
    private Optional<String> version = Optional.empty();
    private boolean trusted;
    private boolean loaded;
    private boolean busy;
    private long due;
    private long notBefore;
    private int failures;
    private @Nullable BaseRecord writing;

    /** Modules that the base calls otherwise than their Pods, in the record that was looked at. */
    private List<ModuleEntry> renamed = List.of();

    private @Nullable BaseRecord renamedIn;
    private long writingSince;

    Ledger(VNodeSettings.Times times, Moment now) {
        this.times = times;
        this.due = now.nanos();
        this.notBefore = now.nanos();
    }

    /** False until the record was read: before that nothing may be decided. */
    boolean loaded() {
        return loaded;
    }

    /** A read or a write is under way. */
    boolean busy() {
        return busy;
    }

    BaseRecord wanted() {
        return wanted;
    }

    Map<ModuleRef, ModuleEntry> entries() {
        return wanted.modules();
    }

    Optional<ModuleEntry> entry(ModuleRef ref) {
        return Optional.ofNullable(wanted.modules().get(ref));
    }

    /** What the base calls this module, as far as we know. */
    ModuleRef installedRef(ModuleRef ref) {
        return entry(ref).map(ModuleEntry::installed).orElse(ref);
    }

    /** Another key's module that the base calls so. */
    Optional<ModuleEntry> holderOf(ModuleRef installed, ModuleRef notOf) {
        if (renamedIn != wanted) {
            renamedIn = wanted;
            renamed = wanted.modules().values().stream().filter(Ledger::isRenamed).toList();
        }
        // An entry under its own name is the one of that key itself.
        ModuleEntry own = installed.equals(notOf) ? null : wanted.modules().get(installed);
        if (own != null && own.installed().equals(installed)) {
            return Optional.of(own);
        }
        for (ModuleEntry entry : renamed) {
            if (entry.installed().equals(installed) && !entry.ref().equals(notOf)) {
                return Optional.of(entry);
            }
        }
        return Optional.empty();
    }

    private static boolean isRenamed(ModuleEntry entry) {
        return !entry.installed().equals(entry.ref());
    }

    /** True when this module is recorded as this Pod's. */
    boolean owns(PodRef pod, ModuleRef ref) {
        return entry(ref).filter(entry -> entry.owner().uid().equals(pod.uid())).isPresent();
    }

    /** Somebody else may have written since: what is stored counts, and no longer what we know. */
    void readAnew(Moment now) {
        trusted = false;
        loaded = false;
        notBefore = now.nanos();
    }

    /** True when what we want to say of this module is stored: a command may leave. */
    boolean covers(ModuleRef ref) {
        ModuleEntry entry = wanted.modules().get(ref);
        return entry != null
                && entry.equals(stored.modules().get(ref))
                && stored.generation() == wanted.generation();
    }

    /** A change that a command waits for. */
    void put(ModuleEntry entry, Moment now) {
        change(wanted.with(entry), now.nanos());
    }

    /** A change that only saves work after a restart: it may wait for others. */
    void putLazily(ModuleEntry entry, Moment now) {
        change(wanted.with(entry), now.plus(COALESCE));
    }

    void erase(ModuleRef ref, Moment now) {
        change(wanted.without(ref), now.plus(COALESCE));
    }

    void generation(int generation, Moment now) {
        change(wanted.withGeneration(generation), now.nanos());
    }

    void started(Instant processStart, Moment now) {
        change(wanted.startedAt(processStart), now.plus(COALESCE));
    }

    /**
     * Another process of the base: nothing is installed but what was sent to it already.
     *
     * @param sentSince modules with a command that left after it had started
     */
    void restarted(Instant processStart, Set<ModuleRef> sentSince, Moment now) {
        BaseRecord next = wanted.restartedAt(processStart);
        for (ModuleEntry entry : wanted.modules().values()) {
            if (sentSince.contains(entry.ref()) || !entry.sentAt().isBefore(processStart)) {
                next = next.with(entry);
            }
        }
        change(next, now.nanos());
    }

    private void change(BaseRecord next, long at) {
        if (next.equals(wanted)) {
            return;
        }
        boolean clean = wanted.equals(stored);
        wanted = next;
        due = clean || at - due < 0 ? at : due;
    }

    Optional<Effect> next(Moment now) {
        if (busy || !now.reached(notBefore)) {
            return Optional.empty();
        }
        if (!loaded) {
            busy = true;
            return Optional.of(new Effect.ReadRecord());
        }
        if (wanted.equals(stored) || !now.reached(due)) {
            return Optional.empty();
        }
        busy = true;
        wanted = stamped(now);
        writing = wanted;
        writingSince = now.nanos();
        return Optional.of(new Effect.WriteRecord(wanted, version));
    }

    /**
     * Commands leave once the record that names them is stored, and that may take many tries: the
     * time of sending is that of the last one.
     */
    private BaseRecord stamped(Moment now) {
        BaseRecord next = wanted;
        for (ModuleEntry entry : wanted.modules().values()) {
            boolean waits =
                    entry.state() != EntryState.INSTALLED
                            && !entry.equals(stored.modules().get(entry.ref()));
            if (waits) {
                next = next.with(entry.in(entry.state(), now.wall()));
            }
        }
        return next;
    }

    long nextLook() {
        if (busy || (loaded && wanted.equals(stored))) {
            return Long.MAX_VALUE;
        }
        return !loaded || notBefore - due > 0 ? notBefore : due;
    }

    /** Takes the outcome of a read or a write; true when the record has just been loaded. */
    boolean finished(Outcome outcome, Moment now) {
        busy = false;
        switch (outcome) {
            case Outcome.RecordRead(Optional<Outcome.Stored> found) -> {
                failures = 0;
                return read(found);
            }
            case Outcome.Written(String newVersion) -> {
                failures = 0;
                version = Optional.of(newVersion);
                notBefore = now.plus(pause(now));
                if (writing != null) {
                    stored = writing;
                }
            }
            case Outcome.Conflict(), Outcome.Missing() -> {
                // Only a process that holds the Lease writes, so what is there now is older than
                // what we know: keep our own and take the version.
                loaded = false;
            }
            default -> {
                failures++;
                Duration pause = times.writeRetry().multipliedBy(1L << Math.min(failures - 1, 4));
                notBefore = now.plus(pause);
            }
        }
        writing = null;
        return false;
    }

    private Duration pause(Moment now) {
        Duration took = now.since(writingSince);
        return took.compareTo(LONGEST_PAUSE) < 0 ? took : LONGEST_PAUSE;
    }

    private boolean read(Optional<Outcome.Stored> found) {
        boolean first = !trusted;
        trusted = true;
        version = found.map(Outcome.Stored::resourceVersion);
        stored = found.map(Outcome.Stored::record).orElse(BaseRecord.EMPTY);
        if (first) {
            wanted = stored;
        }
        loaded = true;
        return first;
    }
}
