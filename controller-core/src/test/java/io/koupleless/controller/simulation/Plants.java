package io.koupleless.controller.simulation;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.vnode.Fact;
import java.util.List;
import java.util.function.LongFunction;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.LongStream;
import java.util.stream.Stream;

/** Plants bugs, and looks whether the simulation notices within a number of seeds. */
final class Plants {
    private static final int SEEDS = Integer.getInteger("simulation.plants", 400);

    private Plants() {}

    /** Runs seeds until one of these promises is broken; fails when none is. */
    static void areFound(String plant, Supplier<Sabotage> sabotage, String... byRules) {
        areFoundIn(seed -> new Simulation(seed, sabotage.get())::run, plant, byRules);
    }

    /** The same with several bases. */
    static void areFoundInClusters(String plant, Supplier<Sabotage> sabotage, String... byRules) {
        areFoundIn(seed -> new Cluster(seed, sabotage.get(), false)::run, plant, byRules);
    }

    private static void areFoundIn(LongFunction<Runnable> runs, String plant, String... byRules) {
        boolean found =
                LongStream.rangeClosed(1, SEEDS)
                        .parallel()
                        .anyMatch(seed -> List.of(byRules).contains(broken(runs.apply(seed))));
        if (!found) {
            throw new AssertionError(plant + " was not noticed in " + SEEDS + " seeds");
        }
    }

    /** The rule that is broken; empty if none is. */
    private static String broken(Runnable run) {
        try {
            run.run();
            return "";
        } catch (Broken found) {
            return found.rule();
        }
    }

    /** Every Pod is seen otherwise. */
    static Sabotage seeing(UnaryOperator<ModulePod> otherwise) {
        return new Sabotage() {
            @Override
            public Stream<Fact> arriving(Fact fact, Simulation world) {
                return fact instanceof Fact.PodSeen(ModulePod pod)
                        ? Stream.of(new Fact.PodSeen(otherwise.apply(pod)))
                        : Stream.of(fact);
            }
        };
    }
}
