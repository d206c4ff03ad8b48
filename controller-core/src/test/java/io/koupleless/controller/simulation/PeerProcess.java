package io.koupleless.controller.simulation;

import io.koupleless.controller.peers.PeerEffect;
import io.koupleless.controller.peers.PeerFact;
import io.koupleless.controller.peers.PeerSettings;
import io.koupleless.controller.peers.Peers;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** One controller's process: its watches, its timer, and its effects under way. */
final class PeerProcess {
    /** What is planted into it. */
    enum Plant {
        NONE,
        /** It takes a list for whole before it is. */
        SYNCED_AT_ONCE,
        /** It does not care who has the Lease. */
        LEASELESS,
        /** It does not know where Pods are. */
        BLIND_FOR_PODS
    }

    private final String identity;
    private final PeerSettings settings;
    private final Plant plant;
    private final VirtualTime time;
    private final Chance chance;
    private final Story story;
    private final PeerCluster cluster;
    private final Map<PeerFact.Watch, Long> delivered = new EnumMap<>(PeerFact.Watch.class);
    private Consumer<PeerFact> watch = fact -> {};
    private @Nullable Peers peers;
    private List<PeerFact> inbox = new ArrayList<>();
    private int process;
    private long alarm;
    private long apiDownUntil;

    PeerProcess(
            String identity,
            PeerSettings settings,
            Plant plant,
            VirtualTime time,
            Chance chance,
            Story story,
            PeerCluster cluster) {
        this.identity = identity;
        this.settings = settings;
        this.plant = plant;
        this.time = time;
        this.chance = chance;
        this.story = story;
        this.cluster = cluster;
    }

    void start() {
        if (peers != null) {
            return;
        }
        process++;
        story.tell(identity, "starts");
        VNodeSettings me =
                new VNodeSettings(
                        identity,
                        "test",
                        VNodeSettings.Times.defaults(),
                        VNodeSettings.Limits.defaults());
        peers = new Peers(settings, me, time.now());
        delivered.clear();
        int mine = process;
        watch = fact -> watched(fact, mine);
        if (plant == Plant.SYNCED_AT_ONCE) {
            List.of(PeerFact.Watch.values()).forEach(w -> post(new PeerFact.Synced(w)));
        }
        cluster.all().forEach(watch);
        List.of(PeerFact.Watch.values()).forEach(w -> watched(new PeerFact.Synced(w), mine));
        cluster.watch(watch);
        post(new PeerFact.Woken());
    }

    /** As it should end: it gives the Lease back, unless the API server is away. */
    void stop() {
        if (peers == null) {
            return;
        }
        int mine = process;
        story.tell(identity, "stops");
        post(new PeerFact.Stopping());
        time.after(3_000, () -> endIf(mine));
    }

    private void endIf(int mine) {
        if (process == mine && peers != null) {
            kill();
        }
    }

    void kill() {
        story.tell(identity, "ends");
        peers = null;
        inbox = new ArrayList<>();
        process++;
        cluster.unwatch(watch);
    }

    /** Our own way to the API server: watches stand still, requests fail. */
    void apiDown(long millis) {
        story.tell(identity, "does not reach the API server for", millis, "ms");
        apiDownUntil = time.nanos() + millis * 1_000_000;
    }

    private boolean apiDown() {
        return time.nanos() < apiDownUntil;
    }

    /** In order for each kind of object, some time later. */
    private void watched(PeerFact fact, int mine) {
        if (plant == Plant.BLIND_FOR_PODS && fact instanceof PeerFact.PodSeen) {
            return;
        }
        long soonest = Math.max(time.nanos(), apiDownUntil);
        long at =
                Math.max(
                        soonest + chance.between(1, 2_000) * 1_000_000,
                        delivered.getOrDefault(watchOf(fact), 0L));
        delivered.put(watchOf(fact), at);
        time.at(
                at,
                () -> {
                    if (process == mine) {
                        post(fact);
                    }
                });
    }

    private static PeerFact.Watch watchOf(PeerFact fact) {
        return switch (fact) {
            case PeerFact.NodeSeen seen -> PeerFact.Watch.NODES;
            case PeerFact.NodeUnseen unseen -> PeerFact.Watch.NODES;
            case PeerFact.PodSeen seen -> PeerFact.Watch.PODS;
            case PeerFact.PodUnseen unseen -> PeerFact.Watch.PODS;
            case PeerFact.Synced(PeerFact.Watch which) -> which;
            default -> PeerFact.Watch.WORKLOADS;
        };
    }

    private void post(PeerFact fact) {
        inbox.add(fact);
        int mine = process;
        time.after(
                chance.between(0, 3),
                () -> {
                    if (process == mine && !inbox.isEmpty()) {
                        step();
                    }
                });
    }

    private void step() {
        Peers running = peers;
        if (running == null) {
            return;
        }
        List<PeerFact> facts = inbox;
        inbox = new ArrayList<>();
        Peers.Step step = running.on(facts, time.now());
        step.effects().forEach(this::run);
        if (step.over()) {
            kill();
            return;
        }
        long id = ++alarm;
        int mine = process;
        if (step.wakeAt() != Long.MAX_VALUE) {
            time.at(
                    step.wakeAt(),
                    () -> {
                        if (alarm == id && process == mine) {
                            post(new PeerFact.Woken());
                        }
                    });
        }
    }

    private void run(PeerEffect effect) {
        int mine = process;
        if (effect instanceof PeerEffect.Tell(var deployment, var warning, var reason, var text)) {
            story.tell(identity, reason, text);
        }
        time.after(
                chance.between(1, 500),
                () -> {
                    Outcome outcome = apiDown() ? new Outcome.Failed("down") : outcome(effect);
                    time.after(
                            chance.between(1, 500),
                            () -> {
                                if (process == mine) {
                                    post(new PeerFact.Finished(effect, outcome));
                                }
                            });
                });
    }

    private Outcome outcome(PeerEffect effect) {
        return switch (effect) {
            case PeerEffect.OnLease(Effect.WriteLease(var write)) ->
                    plant == Plant.LEASELESS ? new Outcome.Written("1") : cluster.writeLease(write);
            case PeerEffect.OnLease read ->
                    plant == Plant.LEASELESS
                            ? new Outcome.LeaseRead(Optional.empty())
                            : cluster.readLease();
            case PeerEffect.Scale scale ->
                    time.nanos() - scale.fenceNanos() < 0
                            ? cluster.scale(scale.deployment(), scale.replicas(), identity)
                            : new Outcome.NotSent("fenced");
            case PeerEffect.Tell tell -> new Outcome.Done();
        };
    }
}
