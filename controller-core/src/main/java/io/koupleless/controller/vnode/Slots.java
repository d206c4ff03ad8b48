package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The slots of one base's modules, and the last full list, from which a new slot starts. */
final class Slots {
    private final VNodeSettings.Times times;
    private final Ledger ledger;
    private final Map<ModuleRef, Slot> slots = new TreeMap<>();
    private Optional<ModuleList> latest = Optional.empty();

    Slots(VNodeSettings.Times times, Ledger ledger) {
        this.times = times;
        this.ledger = ledger;
    }

    Optional<Slot> get(ModuleRef ref) {
        return Optional.ofNullable(slots.get(ref));
    }

    Collection<Slot> all() {
        return slots.values();
    }

    Slot of(ModuleRef ref, Moment now) {
        return slots.computeIfAbsent(ref, key -> fresh(key, now));
    }

    private Slot fresh(ModuleRef ref, Moment now) {
        Slot slot = new Slot(ref, now);
        if (latest.isPresent()) {
            Optional<ModuleStatus> found = latest.get().find(ledger.installedRef(ref));
            if (found.isPresent() || ledger.entry(ref).isPresent()) {
                slot.listed(latest.get().askedAt(), found);
            }
        }
        return slot;
    }

    /** Entries of an earlier process of ours: their commands may still be on their way. */
    void inherit(Moment now) {
        for (ModuleEntry entry : ledger.entries().values()) {
            switch (entry.state()) {
                case INSTALLING -> inherit(entry, Operation.INSTALL, now);
                case RELOADING, REMOVING -> inherit(entry, Operation.UNINSTALL, now);
                case INSTALLED -> {
                    // Nothing is on its way.
                }
            }
        }
    }

    private void inherit(ModuleEntry entry, Operation operation, Moment now) {
        Duration ago = Duration.between(entry.sentAt(), now.wall());
        long sentAt = now.nanos() - (ago.isNegative() ? 0 : ago.toNanos());
        of(entry.ref(), now)
                .inherited(operation, entry.urlHash(), sentAt, times.deadline(operation), now);
    }

    /** Takes a full list; true when it lacks what the last one had, and nobody took away. */
    boolean listed(ModuleList list, Moment now) {
        boolean lacks =
                latest.filter(last -> !list.modules().keySet().containsAll(last.modules().keySet()))
                        .isPresent();
        latest = Optional.of(list);
        ledger.entries().keySet().forEach(ref -> of(ref, now));
        slots.values()
                .forEach(slot ->
                        slot.listed(list.askedAt(), list.find(ledger.installedRef(slot.ref))));
        return lacks;
    }

    /**
     * Another process of the base answers.
     *
     * @param start when it started
     * @return modules with a command that went to it already
     */
    Set<ModuleRef> baseRestarted(long start, Moment now) {
        latest = Optional.empty();
        Set<ModuleRef> sentSince = new TreeSet<>();
        for (Slot slot : slots.values()) {
            slot.baseRestarted(start, now);
            if (slot.commanded()) {
                sentSince.add(slot.ref);
            }
        }
        return sentSince;
    }

    /** Another controller has been at work. */
    void startAnew(Moment now) {
        latest = Optional.empty();
        slots.values().forEach(slot -> slot.startAnew(now));
    }

    /** An uninstall is confirmed: a slot made later must not find it in the last list. */
    void uninstalled(ModuleRef installed) {
        latest = latest.map(list -> list.without(installed));
    }

    /** Forgets what nobody asks for, unless a command is still to be answered. */
    void retain(Set<ModuleRef> keys) {
        slots.values().removeIf(slot -> !keys.contains(slot.ref) && slot.unanswered() == 0);
    }

    boolean hasOtherVersionOf(ModuleRef ref) {
        return latest.filter(list -> list.hasOtherVersionOf(ref)).isPresent();
    }

    /** Workers of the base that may be busy with a command of ours. */
    int occupied() {
        return (int) slots.values().stream().filter(Slot::occupies).count();
    }

    int unanswered() {
        return slots.values().stream().mapToInt(Slot::unanswered).sum();
    }

    /** How many listed modules are in each state. */
    Map<ModuleState, Integer> byState() {
        Map<ModuleState, Integer> counts = new EnumMap<>(ModuleState.class);
        latest.ifPresent(list ->
                list.modules().values().forEach(m -> counts.merge(m.state(), 1, Integer::sum)));
        return counts;
    }

    /** Modules on the base that no record explains; empty while nobody knows the base's own. */
    Set<ModuleRef> unexplained(Optional<ModuleRef> master) {
        return master.isEmpty() ? Set.of() : unknown(master);
    }

    /** Modules on the base that no record explains, the base's own but when it has been named. */
    Set<ModuleRef> unknown(Optional<ModuleRef> master) {
        TreeSet<ModuleRef> unknown = new TreeSet<>();
        latest.ifPresent(list -> unknown.addAll(list.modules().keySet()));
        ledger.entries().values().forEach(entry -> unknown.remove(entry.installed()));
        master.ifPresent(unknown::remove);
        return unknown;
    }
}
