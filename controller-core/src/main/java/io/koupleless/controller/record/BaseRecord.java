package io.koupleless.controller.record;

import io.koupleless.controller.module.ModuleRef;
import java.time.Instant;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What we did to one process of a base; one ConfigMap, named like the Node.
 *
 * @param generation {@code spec.leaseTransitions} of the node Lease under which it was written
 * @param processStart of the base, by our wall clock; another process has nothing installed
 * @param modules by the name and version that Pods ask for
 */
public record BaseRecord(
        int generation, Optional<Instant> processStart, Map<ModuleRef, ModuleEntry> modules) {

    public static final BaseRecord EMPTY = new BaseRecord(0, Optional.empty(), Map.of());

    public BaseRecord {
        SortedMap<ModuleRef, ModuleEntry> sorted = new TreeMap<>(modules);
        modules = Collections.unmodifiableSortedMap(sorted);
    }

    public BaseRecord withGeneration(int next) {
        return new BaseRecord(next, processStart, modules);
    }

    /** A new process of the base: whatever was installed is gone. */
    public BaseRecord restartedAt(Instant start) {
        return new BaseRecord(generation, Optional.of(start), Map.of());
    }

    public BaseRecord startedAt(Instant start) {
        return new BaseRecord(generation, Optional.of(start), modules);
    }

    public BaseRecord with(ModuleEntry entry) {
        Map<ModuleRef, ModuleEntry> next = new TreeMap<>(modules);
        next.put(entry.ref(), entry);
        return new BaseRecord(generation, processStart, next);
    }

    public BaseRecord without(ModuleRef ref) {
        Map<ModuleRef, ModuleEntry> next = new TreeMap<>(modules);
        next.remove(ref);
        return new BaseRecord(generation, processStart, next);
    }
}
