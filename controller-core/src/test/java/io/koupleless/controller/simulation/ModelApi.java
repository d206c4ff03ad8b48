package io.koupleless.controller.simulation;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;

/** The few objects of one base as the API server keeps them. */
final class ModelApi {
    private static final Set<String> OURS =
            Set.of(
                    PodCondition.READY,
                    PodCondition.CONTAINERS_READY,
                    PodCondition.INITIALIZED,
                    PodCondition.SCHEDULED,
                    PodCondition.MANIFEST_MATCHES);

    private final String nodeName;
    private final Invariants invariants;
    private Optional<ObservedLease> lease = Optional.empty();
    private Optional<Outcome.Stored> record = Optional.empty();
    private Optional<ObservedNode> node = Optional.empty();
    private final Map<String, ModulePod> pods = new TreeMap<>();
    private final Map<ModuleRef, Set<String>> askers = new HashMap<>();
    private Consumer<Fact> watcher = fact -> {};
    private long version = 1000;
    private int nodes;

    ModelApi(String nodeName, Invariants invariants) {
        this.nodeName = nodeName;
        this.invariants = invariants;
    }

    void watch(Consumer<Fact> next) {
        watcher = next;
    }

    String nextVersion() {
        return Long.toString(++version);
    }

    Optional<ObservedLease> lease() {
        return lease;
    }

    BaseRecord record() {
        return record.map(Outcome.Stored::record).orElse(BaseRecord.EMPTY);
    }

    Optional<String> recordVersion() {
        return record.map(Outcome.Stored::resourceVersion);
    }

    Optional<ObservedNode> node() {
        return node;
    }

    List<ModulePod> pods() {
        return new ArrayList<>(pods.values());
    }

    /** One Pod alone has ever asked for this module. */
    boolean neverShared(ModuleRef ref) {
        return askers.getOrDefault(ref, Set.of()).size() <= 1;
    }

    Optional<ModulePod> pod(String uid) {
        return Optional.ofNullable(pods.get(uid));
    }

    boolean nodeReady() {
        return node.stream()
                .flatMap(n -> n.status().conditions().stream())
                .anyMatch(c -> c.type().equals(NodeCondition.READY) && c.isTrue());
    }

    /** A user or a controller of others creates or changes a Pod. */
    void put(ModulePod pod) {
        ModulePod before = pods.put(pod.ref().uid(), pod);
        invariants.stored();
        Pods.modules(pod)
                .forEach(m ->
                        askers.computeIfAbsent(m.ref(), r -> new HashSet<>()).add(pod.ref().uid()));
        if (pod.labelled()) {
            watcher.accept(new Fact.PodSeen(pod));
        } else if (before != null && before.labelled()) {
            watcher.accept(new Fact.PodUnseen(pod.ref()));
        }
    }

    void remove(String uid) {
        ModulePod before = pods.remove(uid);
        invariants.stored();
        if (before != null && before.labelled()) {
            watcher.accept(new Fact.PodUnseen(before.ref()));
        }
    }

    Outcome apply(Effect effect) {
        return switch (effect) {
            case Effect.ReadLease() -> new Outcome.LeaseRead(lease);
            case Effect.WriteLease(LeaseWrite write) -> writeLease(write);
            case Effect.DeleteLease() -> {
                lease = Optional.empty();
                yield new Outcome.Done();
            }
            case Effect.ReadRecord() -> new Outcome.RecordRead(record);
            case Effect.WriteRecord(BaseRecord next, Optional<String> expected) ->
                    writeRecord(next, expected);
            case Effect.ExpireRecord() -> new Outcome.Done();
            case Effect.CreateNode create -> createNode(create);
            case Effect.PatchNodeSpec(NodeSpec spec, ObservedNode observed) ->
                    patchNode(spec, observed);
            case Effect.PatchNodeStatus(NodeStatus status) -> patchNode(status);
            case Effect.DeleteNode(String uid, String expected) -> deleteNode(uid, expected);
            case Effect.PatchPodStatus patch -> patchPod(patch);
            case Effect.DeletePod(PodRef ref) -> {
                if (!pods.containsKey(ref.uid())) {
                    yield new Outcome.Missing();
                }
                remove(ref.uid());
                yield new Outcome.Done();
            }
            case Effect.ReadPod(PodRef ref) -> new Outcome.PodRead(pod(ref.uid()));
            case Effect.ReadPods() -> new Outcome.PodsRead(pods());
            case Effect.PatchBasePod patch -> throw new IllegalArgumentException("not kept here");
            case Effect.Words words -> new Outcome.Done();
            case Effect.OfBase sent -> throw new IllegalArgumentException("not for Kubernetes");
            case Effect.Count count -> throw new IllegalArgumentException("not for Kubernetes");
            case Effect.Retire retire -> throw new IllegalArgumentException("not for Kubernetes");
        };
    }

    private Outcome writeLease(LeaseWrite write) {
        boolean expected =
                write.resourceVersion().equals(lease.map(ObservedLease::resourceVersion));
        if (!expected) {
            return lease.isEmpty() ? new Outcome.Missing() : new Outcome.Conflict();
        }
        invariants.leaseWritten(lease, write);
        String next = nextVersion();
        lease =
                Optional.of(
                        new ObservedLease(
                                next,
                                write.holder(),
                                Optional.of(write.renewTime()),
                                write.duration(),
                                write.transitions()));
        return new Outcome.Written(next);
    }

    /** Another controller writes. */
    void leaseOfOther(ObservedLease next) {
        lease = Optional.of(next);
    }

    /** Another controller writes. */
    void recordOfOther(BaseRecord next) {
        record = Optional.of(new Outcome.Stored(next, nextVersion()));
    }

    private Outcome writeRecord(BaseRecord next, Optional<String> expected) {
        if (!expected.equals(record.map(Outcome.Stored::resourceVersion))) {
            return record.isEmpty() ? new Outcome.Missing() : new Outcome.Conflict();
        }
        invariants.recordWritten(record(), next);
        String written = nextVersion();
        record = Optional.of(new Outcome.Stored(next, written));
        return new Outcome.Written(written);
    }

    private Outcome createNode(Effect.CreateNode create) {
        if (node.isEmpty()) {
            nodes++;
            store(
                    new ObservedNode(
                            nodeName,
                            "node-" + nodes,
                            nextVersion(),
                            create.spec().labels(),
                            create.spec().annotations(),
                            create.spec().taints(),
                            create.status()));
        }
        return new Outcome.NodeCreated(node.orElseThrow());
    }

    private void store(ObservedNode next) {
        node = Optional.of(next);
        invariants.stored();
        watcher.accept(new Fact.NodeSeen(node));
    }

    private Outcome patchNode(NodeSpec spec, ObservedNode observed) {
        if (node.isEmpty()) {
            return new Outcome.Missing();
        }
        ObservedNode now = node.get();
        if (!now.resourceVersion().equals(observed.resourceVersion())) {
            return new Outcome.Conflict();
        }
        Map<String, String> labels = new HashMap<>(now.labels());
        labels.putAll(spec.labels());
        Map<String, String> annotations = new HashMap<>(now.annotations());
        annotations.putAll(spec.annotations());
        List<Taint> taints = new ArrayList<>(spec.taints());
        now.taints().stream().filter(t -> !Labels.isOurTaint(t.key())).forEach(taints::add);
        return change(now, labels, annotations, taints, now.status());
    }

    private Outcome patchNode(NodeStatus status) {
        if (node.isEmpty()) {
            return new Outcome.Missing();
        }
        ObservedNode now = node.get();
        invariants.nodeStatusWritten(now.status(), status);
        return change(now, now.labels(), now.annotations(), now.taints(), status);
    }

    private Outcome change(
            ObservedNode now,
            Map<String, String> labels,
            Map<String, String> annotations,
            List<Taint> taints,
            NodeStatus status) {
        ObservedNode next =
                new ObservedNode(
                        nodeName,
                        now.uid(),
                        now.resourceVersion(),
                        labels,
                        annotations,
                        taints,
                        status);
        if (next.equals(now)) {
            return new Outcome.Written(now.resourceVersion());
        }
        String version = nextVersion();
        store(new ObservedNode(nodeName, now.uid(), version, labels, annotations, taints, status));
        return new Outcome.Written(version);
    }

    private Outcome deleteNode(String uid, String expected) {
        if (node.isEmpty()) {
            return new Outcome.Missing();
        }
        boolean same =
                node.get().uid().equals(uid) && node.get().resourceVersion().equals(expected);
        if (!same) {
            return new Outcome.Conflict();
        }
        removeNode();
        return new Outcome.Done();
    }

    /** Somebody deletes the Node. */
    void removeNode() {
        node = Optional.empty();
        invariants.stored();
        watcher.accept(new Fact.NodeSeen(node));
    }

    private Outcome patchPod(Effect.PatchPodStatus patch) {
        ModulePod pod = pods.get(patch.pod().uid());
        if (pod == null) {
            return new Outcome.Missing();
        }
        String ip = pod.status().podIp();
        String next = patch.status().podIp();
        boolean moves = !ip.isEmpty() && !next.isEmpty() && !ip.equals(next);
        boolean toldSo = !patch.observedIp().isEmpty() && !patch.observedIp().equals(next);
        if (moves && !toldSo) {
            return new Outcome.Refused("podIPs: may not hold two addresses of one family");
        }
        PodStatus status = merged(pod.status(), patch.status());
        invariants.podStatusWritten(pod, status);
        invariants.containersWritten(pod, status);
        if (status.equals(pod.status())) {
            return new Outcome.Written(pod.resourceVersion());
        }
        ModulePod changed = Pods.with(pod, nextVersion(), status);
        put(changed);
        return new Outcome.Written(changed.resourceVersion());
    }

    static PodStatus merged(PodStatus before, PodStatus next) {
        Map<String, PodCondition> conditions = new LinkedHashMap<>();
        before.conditions().forEach(c -> conditions.put(c.type(), c));
        next.conditions().stream()
                .filter(c -> OURS.contains(c.type()))
                .forEach(c -> conditions.put(c.type(), c));
        return new PodStatus(
                next.phase(),
                next.reason(),
                next.message(),
                next.podIp().isEmpty() ? before.podIp() : next.podIp(),
                next.startTime().or(before::startTime),
                List.copyOf(conditions.values()),
                next.containers());
    }
}
