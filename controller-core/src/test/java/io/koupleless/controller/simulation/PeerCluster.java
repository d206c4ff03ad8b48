package io.koupleless.controller.simulation;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.peers.PeerFact;
import io.koupleless.controller.peers.PeerSettings;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.workload.Workload;
import io.koupleless.controller.workload.Workloads;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What peers see of Kubernetes: Nodes of bases, one peer Deployment, its Pods, the Lease; with the
 * ReplicaSet controller, the scheduler and those that end Pods, as Kubernetes has them.
 */
final class PeerCluster {
    /** A base, which lives whether it has a Node or not, and whatever that says. */
    static final class Machine {
        final String name;
        boolean exists = true;
        boolean ready = true;
        boolean cordoned;
        long awaySince;

        Machine(String name) {
            this.name = name;
        }
    }

    /** A Pod of the Deployment; without a Node it is pending. */
    static final class Replica {
        final PodRef ref;
        final long bornAt;
        @Nullable String node;
        boolean ready;
        int readiness;

        Replica(PodRef ref, long bornAt) {
            this.ref = ref;
            this.bornAt = bornAt;
        }
    }

    private static final PodStatus READY =
            new PodStatus(
                    PodStatus.Phase.RUNNING,
                    "",
                    "",
                    "",
                    Optional.empty(),
                    List.of(new PodCondition(PodCondition.READY, true, "", "", Instant.EPOCH)),
                    List.of());
    private static final String CLUSTER = "c";
    private static final long NODE_LOST = 40_000;
    private static final long EVICTION = 300_000;

    private final VirtualTime time;
    private final Chance chance;
    private final Story story;
    private final PeerInvariants invariants;
    final Map<String, Machine> machines = new TreeMap<>();
    final Map<String, Replica> pods = new TreeMap<>();
    private final List<Consumer<PeerFact>> watches = new ArrayList<>();
    private Optional<ObservedLease> lease = Optional.empty();
    private int replicas = 1;
    private long version = 10;
    private int made;

    PeerCluster(VirtualTime time, Chance chance, Story story, PeerSettings promised) {
        this.time = time;
        this.chance = chance;
        this.story = story;
        this.invariants = new PeerInvariants(time, promised, machines);
    }

    int replicas() {
        return replicas;
    }

    void watch(Consumer<PeerFact> watch) {
        watches.add(watch);
    }

    void unwatch(Consumer<PeerFact> watch) {
        watches.remove(watch);
    }

    private void tell(PeerFact fact) {
        List.copyOf(watches).forEach(watch -> watch.accept(fact));
    }

    /** What lists bring, of one kind after the other. */
    List<PeerFact> all() {
        List<PeerFact> facts = new ArrayList<>();
        facts.add(new PeerFact.WorkloadSeen(deployment()));
        machines.values().stream()
                .filter(machine -> machine.exists)
                .forEach(machine -> facts.add(new PeerFact.NodeSeen(observed(machine))));
        pods.values().stream()
                .filter(pod -> pod.node != null)
                .forEach(pod -> facts.add(new PeerFact.PodSeen(observed(pod))));
        return facts;
    }

    private Workload deployment() {
        return Workloads.peer("shop", replicas, Long.toString(version), CLUSTER);
    }

    private static ObservedNode observed(Machine machine) {
        NodeCondition ready =
                new NodeCondition(
                        NodeCondition.READY,
                        machine.ready ? "True" : "False",
                        "",
                        "",
                        Instant.EPOCH);
        List<Taint> taints =
                machine.ready
                        ? List.of()
                        : List.of(new Taint("node.kubernetes.io/not-ready", "", Taint.NO_EXECUTE));
        return new ObservedNode(
                machine.name,
                machine.name,
                "1",
                Map.of("cluster", CLUSTER),
                Map.of(),
                taints,
                new NodeStatus(List.of(ready), Map.of(), Map.of(), ""),
                machine.cordoned);
    }

    private static ModulePod observed(Replica pod) {
        String node = pod.node;
        return pod(pod.ref, node == null ? "" : node, pod.ready ? READY : PodStatus.NONE);
    }

    private static ModulePod pod(PodRef ref, String node, PodStatus status) {
        PodOwner owner = new PodOwner("apps/v1", "ReplicaSet", "shop-abc", "rs");
        return new ModulePod(
                ref,
                node,
                true,
                "1",
                Instant.EPOCH,
                0,
                false,
                "abc",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(),
                new PodTerms(Optional.of(owner), Optional.empty(), List.of()),
                status,
                Optional.empty());
    }

    // What happens to bases.

    void join(String name) {
        story.tell("base", name, "comes");
        machines.put(name, new Machine(name));
        changed(machines.get(name));
    }

    /** As a base ends that says so: its Pods first, then its Node. */
    void leave(Machine machine) {
        story.tell("base", machine.name, "ends");
        List.copyOf(pods.values()).stream()
                .filter(pod -> machine.name.equals(pod.node))
                .forEach(this::remove);
        machines.remove(machine.name);
        machine.exists = false;
        invariants.changed();
        tell(new PeerFact.NodeUnseen(machine.name));
    }

    void ready(Machine machine, boolean ready) {
        if (machine.ready != ready) {
            story.tell("base", machine.name, ready ? "is Ready" : "is not Ready");
            machine.ready = ready;
            if (machine.exists) {
                machine.awaySince = time.millis();
            }
            changed(machine);
            pods.values().stream()
                    .filter(pod -> machine.name.equals(pod.node))
                    .forEach(pod -> ready(pod, ready));
        }
    }

    /** Its Pod follows: soon when the base went, and when the module is found again if it came. */
    private void ready(Replica pod, boolean ready) {
        int mine = ++pod.readiness;
        time.after(
                ready ? chance.between(500, 40_000) : chance.between(0, 2_000),
                () -> {
                    if (pod.readiness == mine && pods.containsKey(pod.ref.uid())) {
                        pod.ready = ready;
                        tell(new PeerFact.PodSeen(observed(pod)));
                    }
                });
    }

    void cordon(Machine machine, boolean cordoned) {
        story.tell("user", cordoned ? "cordons" : "uncordons", machine.name);
        machine.cordoned = cordoned;
        changed(machine);
    }

    void drain(Machine machine) {
        cordon(machine, true);
        List.copyOf(pods.values()).stream()
                .filter(pod -> machine.name.equals(pod.node))
                .forEach(this::remove);
    }

    /** Somebody deletes the Node; its virtual node makes it again. */
    void deleteNode(Machine machine) {
        story.tell("user", "deletes the Node of", machine.name);
        machine.exists = false;
        machine.awaySince = time.millis();
        machine.cordoned = false;
        invariants.changed();
        tell(new PeerFact.NodeUnseen(machine.name));
        time.after(chance.between(100, 8_000), () -> create(machine));
    }

    private void create(Machine machine) {
        if (machines.containsValue(machine) && !machine.exists) {
            machine.exists = true;
            changed(machine);
        }
    }

    private void changed(Machine machine) {
        invariants.changed();
        if (machine.exists) {
            tell(new PeerFact.NodeSeen(observed(machine)));
        }
    }

    void scaleByHand(int to) {
        story.tell("user", "scales from", replicas, "to", to);
        invariants.scaledByHand();
        replicas = to;
        version++;
        tell(new PeerFact.WorkloadSeen(deployment()));
    }

    // What the controllers ask.

    Outcome scale(Workload seen, int to, String by) {
        if (!seen.resourceVersion().equals(Long.toString(version))) {
            return new Outcome.Conflict();
        }
        story.tell(by, "scales from", replicas, "to", to);
        invariants.scaled(by, replicas, to, lease);
        replicas = to;
        version++;
        tell(new PeerFact.WorkloadSeen(deployment()));
        return new Outcome.Written(Long.toString(version));
    }

    Outcome readLease() {
        return new Outcome.LeaseRead(lease);
    }

    Outcome writeLease(LeaseWrite write) {
        if (!write.resourceVersion().equals(lease.map(ObservedLease::resourceVersion))) {
            return new Outcome.Conflict();
        }
        String next = Long.toString(1_000_000 + time.millis() * 10 + made++ % 10);
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

    // What Kubernetes does by itself.

    void run() {
        time.after(chance.between(200, 2_000), this::run);
        replicate();
        schedule();
        collect();
    }

    private void replicate() {
        for (int missing = replicas - pods.size(); missing > 0; missing--) {
            made++;
            Replica pod = new Replica(new PodRef("default", "shop-abc-" + made, "u" + made), made);
            pods.put(pod.ref.uid(), pod);
        }
        pods.values().stream()
                .sorted(
                        Comparator.<Replica>comparingInt(pod -> pod.node == null ? 0 : 1)
                                .thenComparing(pod -> pod.ready)
                                .thenComparing(pod -> -pod.bornAt))
                .limit(Math.max(0, pods.size() - replicas))
                .toList()
                .forEach(surplus -> {
                    story.tell("replicaset", "ends", surplus.ref, "on", surplus.node);
                    invariants.ended(surplus);
                    remove(surplus);
                });
    }

    private @Nullable Machine machineOf(Replica pod) {
        String node = pod.node;
        return node == null ? null : machines.get(node);
    }

    private void schedule() {
        for (Machine machine : machines.values()) {
            boolean free = pods.values().stream().noneMatch(p -> machine.name.equals(p.node));
            if (machine.exists && machine.ready && !machine.cordoned && free) {
                pods.values().stream()
                        .filter(pod -> pod.node == null)
                        .findFirst()
                        .ifPresent(pod -> {
                            story.tell("scheduler", pod.ref, "to", machine.name);
                            pod.node = machine.name;
                            tell(new PeerFact.PodSeen(observed(pod)));
                            ready(pod, true);
                        });
            }
        }
    }

    /** Pods of Nodes that are gone, and of those that are not Ready for long. */
    private void collect() {
        for (Replica pod : List.copyOf(pods.values())) {
            if (pod.node == null) {
                continue;
            }
            Machine machine = machineOf(pod);
            long since = machine == null ? Long.MAX_VALUE : time.millis() - machine.awaySince;
            boolean orphan = machine == null || (!machine.exists && since > NODE_LOST);
            boolean evicted = machine != null && !machine.ready && since > EVICTION;
            if (orphan || evicted) {
                story.tell("kubernetes", "ends", pod.ref, "on", pod.node);
                remove(pod);
            }
        }
    }

    private void remove(Replica pod) {
        pods.remove(pod.ref.uid());
        String node = pod.node;
        if (node != null) {
            tell(new PeerFact.PodUnseen(node, pod.ref));
        }
    }
}
