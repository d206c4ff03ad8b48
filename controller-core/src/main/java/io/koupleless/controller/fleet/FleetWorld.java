package io.koupleless.controller.fleet;

import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.probe.Prober;
import io.koupleless.controller.work.Ticker;
import io.koupleless.controller.work.Timers;
import java.time.Clock;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.jspecify.annotations.Nullable;

/** Everything outside the fleet that it works with. */
public final class FleetWorld implements Surroundings {

    /**
     * @param workers runs steps and blocking effects; one virtual thread each
     * @param telling runs the writing of Events, few at a time
     * @param ticker decides
     * @param clock stamps
     */
    public record Time(
            Executor workers, Executor telling, Timers timers, Ticker ticker, Clock clock) {}

    private final Time time;
    private final EffectRunner kube;
    private final Caches caches;
    private final Links links;
    private final Prober prober;
    private final FleetMetrics metrics;
    private @Nullable Fleet fleet;

    public FleetWorld(
            Time time,
            EffectRunner kube,
            Caches caches,
            Links links,
            Prober prober,
            FleetMetrics metrics) {
        this.time = time;
        this.kube = kube;
        this.caches = caches;
        this.links = links;
        this.prober = prober;
        this.metrics = metrics;
    }

    void attach(Fleet owner) {
        fleet = owner;
    }

    Caches caches() {
        return caches;
    }

    /** Spreads schedules; the same Node gets the same numbers in every process. */
    RandomGenerator randomFor(NodeName name) {
        return RandomGeneratorFactory.of("L64X128MixRandom").create(name.value().hashCode());
    }

    @Override
    public Executor workers() {
        return time.workers();
    }

    @Override
    public Executor telling() {
        return time.telling();
    }

    @Override
    public Timers timers() {
        return time.timers();
    }

    @Override
    public Ticker ticker() {
        return time.ticker();
    }

    @Override
    public Clock clock() {
        return time.clock();
    }

    @Override
    public EffectRunner kube() {
        return kube;
    }

    @Override
    public Links links() {
        return links;
    }

    @Override
    public Prober prober() {
        return prober;
    }

    @Override
    public FleetMetrics metrics() {
        return metrics;
    }

    @Override
    public void retired(RunningNode node) {
        if (fleet != null) {
            fleet.retired(node);
        }
    }

    @Override
    public void failed(RunningNode node) {
        if (fleet != null) {
            fleet.failed(node);
        }
    }
}
