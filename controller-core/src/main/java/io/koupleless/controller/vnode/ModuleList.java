package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleStatus;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A full list of a base's modules.
 *
 * @param askedAt monotonic instant of the question
 */
record ModuleList(long askedAt, Map<ModuleRef, ModuleStatus> modules) {

    /** The master biz is the base itself and no module, though it may be listed. */
    static ModuleList of(long askedAt, List<ModuleStatus> reported, Optional<ModuleRef> master) {
        Map<ModuleRef, ModuleStatus> modules = new HashMap<>();
        reported.forEach(status -> modules.put(status.ref(), status));
        master.ifPresent(modules::remove);
        return new ModuleList(askedAt, Map.copyOf(modules));
    }

    Optional<ModuleStatus> find(ModuleRef ref) {
        return Optional.ofNullable(modules.get(ref));
    }

    /** The same list after an uninstall that the base has confirmed. */
    ModuleList without(ModuleRef ref) {
        Map<ModuleRef, ModuleStatus> rest = new HashMap<>(modules);
        rest.remove(ref);
        return new ModuleList(askedAt, Map.copyOf(rest));
    }

    boolean hasOtherVersionOf(ModuleRef ref) {
        return modules.keySet().stream()
                .anyMatch(other -> other.name().equals(ref.name()) && !other.equals(ref));
    }
}
