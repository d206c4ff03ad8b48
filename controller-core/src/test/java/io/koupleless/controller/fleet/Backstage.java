package io.koupleless.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.work.Timers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;

/**
 * Everything around a fleet. Its workers do nothing until {@link #work} is called, its clock stands
 * still until {@link #pass}.
 */
final class Backstage {
    static final String MQTT = "mqtt_tunnel_provider";

    private record Ring(long at, Runnable task) {}

    final ScriptedTunnel tunnel = new ScriptedTunnel(MQTT);
    final List<Effect> run = new CopyOnWriteArrayList<>();
    final Map<NodeName, ObservedNode> cachedNodes = new ConcurrentHashMap<>();
    final FleetWorld world;
    final Fleet fleet;
    volatile EffectRunner kube = Backstage::freshCluster;

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final List<Ring> rings = new CopyOnWriteArrayList<>();
    private volatile long nanos = Duration.ofDays(1).toNanos();

    Backstage() {
        this(Optional.empty());
    }

    /** With workers that work by themselves. */
    Backstage(Executor workers) {
        this(Optional.of(workers));
    }

    private Backstage(Optional<Executor> given) {
        Executor workers = given.orElse(waiting::add);
        Clock clock = Clock.fixed(Instant.parse("2026-03-01T08:00:00Z"), ZoneOffset.UTC);
        world =
                new FleetWorld(
                        new FleetWorld.Time(workers, workers, this::ringAt, () -> nanos, clock),
                        (node, effect) -> {
                            run.add(effect);
                            return kube.run(node, effect);
                        },
                        new Cached(),
                        new Links(List.of(tunnel)),
                        (target, timeout, then) -> {},
                        new FleetMetrics(meters));
        fleet =
                new Fleet(
                        new VNodeSettings(
                                "me",
                                "dev",
                                VNodeSettings.Times.defaults(),
                                VNodeSettings.Limits.defaults()),
                        world);
    }

    private Timers.Alarm ringAt(long at, Runnable task) {
        Ring ring = new Ring(at, task);
        rings.add(ring);
        return () -> rings.remove(ring);
    }

    /** Nothing is there yet, and every write succeeds. */
    static Outcome freshCluster(NodeName node, Effect effect) {
        return switch (effect) {
            case Effect.ReadLease() -> new Outcome.LeaseRead(Optional.empty());
            case Effect.ReadRecord() -> new Outcome.RecordRead(Optional.empty());
            case Effect.ReadPods() -> new Outcome.PodsRead(List.of());
            case Effect.CreateNode create -> new Outcome.NodeCreated(node(node));
            default -> new Outcome.Written("1");
        };
    }

    static ObservedNode node(NodeName name) {
        String identity = name.value().replaceAll("^vnode\\.|\\.dev$", "");
        return new ObservedNode(
                name.value(),
                "uid of " + identity,
                "1",
                Map.of(),
                Map.of(Labels.IDENTITY, identity),
                List.of(),
                new NodeStatus(List.of(), Map.of(), Map.of(), ""));
    }

    /** Until there is nothing left to do. */
    void work() {
        int done = 0;
        for (Runnable task = waiting.poll(); task != null; task = waiting.poll()) {
            task.run();
            assertThat(done++).as("tasks without time going by").isLessThan(10_000);
        }
    }

    /** The clock goes on and nothing else happens. */
    void tick(Duration time) {
        nanos += time.toNanos();
    }

    /** Time goes by, and what was to happen meanwhile happens. */
    void pass(Duration time) {
        tick(time);
        List<Ring> due = new ArrayList<>(rings);
        due.removeIf(ring -> ring.at() > nanos);
        rings.removeAll(due);
        due.forEach(ring -> ring.task().run());
        work();
    }

    int alarms() {
        return rings.size();
    }

    void hear(TunnelEvent event) {
        fleet.onEvent(MQTT, event);
    }

    static TunnelEvent heartbeat(String identity) {
        return new TunnelEvent.BaseSeen(
                new Base(new BaseId(identity), "base", "1.0.0", "", "10.0.0.1", "host", 0, true));
    }

    double count(String meter) {
        return meters.find(FleetMetrics.PREFIX + meter).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    double dropped(String reason) {
        return meters.get(FleetMetrics.PREFIX + "messages_dropped")
                .tag("reason", reason)
                .counter()
                .count();
    }

    private final class Cached implements Caches {
        @Override
        public void replay(NodeName node) {}

        @Override
        public Optional<ObservedNode> node(NodeName name) {
            return Optional.ofNullable(cachedNodes.get(name));
        }

        @Override
        public boolean synced() {
            return true;
        }
    }
}
