package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.workload.NodeShape;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Modules of Pods that are still to come: workloads want one of their Pods on this Node.
 *
 * <p>A module that was installed for such a Pod belongs to nobody until the Pod comes. For how long
 * it may is decided here: while its workload wants it here, as long as the Pod of an owner that
 * nobody saw go is waited for; and a moderate time when no workload does.
 */
final class Expectations {
    record Expected(ModuleContainer.Module module, Workload workload) {}

    private final Duration longestWait;
    private final Duration unwantedGrace;
    private Optional<List<Workload>> workloads = Optional.empty();
    private Map<ModuleRef, Expected> modules = Map.of();
    private @Nullable NodeShape matchedWith;
    private final Map<ModuleRef, Long> unclaimedSince = new HashMap<>();
    private final Map<ModuleRef, Long> unwantedSince = new HashMap<>();

    Expectations(VNodeSettings settings) {
        this.longestWait = settings.times().orphanGrace();
        this.unwantedGrace = settings.baseStart().unwantedGrace();
    }

    /** All there are now, of whatever Nodes. */
    void seen(List<Workload> all) {
        workloads = Optional.of(all);
        matchedWith = null;
    }

    void look(Optional<ObservedNode> node) {
        if (node.isEmpty() || workloads.isEmpty()) {
            return;
        }
        NodeShape shape = NodeShape.of(node.get()).onceReady();
        if (!shape.equals(matchedWith)) {
            matchedWith = shape;
            modules = matching(workloads.get(), shape);
        }
    }

    /** Of two that want the same the older one counts. */
    private static Map<ModuleRef, Expected> matching(List<Workload> all, NodeShape node) {
        Map<ModuleRef, Expected> found = new TreeMap<>();
        all.stream()
                .filter(workload -> workload.wants(node))
                .sorted(Workload.BY_AGE)
                .forEach(workload ->
                        workload.modules()
                                .forEach(module ->
                                        found.putIfAbsent(
                                                module.ref(), new Expected(module, workload))));
        return found;
    }

    /** False while workloads are known, but not the Node that they would match. */
    boolean settled() {
        return matchedWith != null || workloads.map(List::isEmpty).orElse(true);
    }

    Set<ModuleRef> keys() {
        return modules.keySet();
    }

    /** What a Pod that is still to come will ask for. */
    Optional<ModuleContainer.Module> of(ModuleRef ref) {
        return Optional.ofNullable(modules.get(ref)).map(Expected::module);
    }

    /** The workloads that want a Pod here. */
    List<Workload> workloads() {
        return modules.values().stream().map(Expected::workload).distinct().toList();
    }

    /** Where the owner is of a module that belongs to nobody yet. */
    KeyView.Owner owner(ModuleEntry entry, Pods pods, Moment now) {
        long over = waitEnds(entry.ref(), now);
        if (now.reached(over)) {
            pods.listSince(over, now);
        }
        boolean never = now.reached(over) && pods.listedWithout(entry.ref(), over);
        return never ? KeyView.Owner.NEVER_CAME : KeyView.Owner.AWAITED;
    }

    private long waitEnds(ModuleRef ref, Moment now) {
        long since = unclaimedSince.computeIfAbsent(ref, _ -> now.nanos());
        long longest = since + longestWait.toNanos();
        if (modules.containsKey(ref) || workloads.isEmpty()) {
            unwantedSince.remove(ref);
            return longest;
        }
        long unwanted = unwantedSince.computeIfAbsent(ref, _ -> now.nanos());
        return Math.min(longest, unwanted + unwantedGrace.toNanos());
    }

    /** When the wait for the Pod of that module ends; never, if it belongs to one. */
    long nextLook(ModuleEntry entry, Moment now) {
        if (!entry.owner().isNobody()) {
            return Long.MAX_VALUE;
        }
        long ends = waitEnds(entry.ref(), now);
        return now.reached(ends) ? Long.MAX_VALUE : ends;
    }

    /** Forgets what belongs to somebody now. */
    void retain(Collection<ModuleEntry> entries) {
        Set<ModuleRef> unclaimed =
                entries.stream()
                        .filter(entry -> entry.owner().isNobody())
                        .map(ModuleEntry::ref)
                        .collect(Collectors.toSet());
        unclaimedSince.keySet().retainAll(unclaimed);
        unwantedSince.keySet().retainAll(unclaimed);
    }
}
