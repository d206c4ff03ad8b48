package io.koupleless.controller.fleet;

import io.koupleless.controller.workload.Workload;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The workloads that want a module Pod on each Node that they match, as virtual nodes see them. */
final class WorkloadBoard {
    private final Map<String, Workload> workloads = new HashMap<>();
    private boolean synced;
    private Optional<List<Workload>> all = Optional.empty();

    /** True when all of them are to be told again: a mere change of replicas matters to no Node. */
    boolean seen(Workload workload) {
        Workload told = workload.scaled(0, "");
        return !told.equals(workloads.put(key(workload), told)) && changed();
    }

    boolean unseen(Workload last) {
        return workloads.remove(key(last)) != null && changed();
    }

    boolean synced() {
        synced = true;
        return changed();
    }

    /** Empty until all that were there at the start are known. */
    Optional<List<Workload>> all() {
        return all;
    }

    private boolean changed() {
        if (synced) {
            all = Optional.of(List.copyOf(workloads.values()));
        }
        return synced;
    }

    private static String key(Workload workload) {
        return workload.kind() + " " + workload.ref();
    }
}
