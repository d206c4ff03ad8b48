package io.koupleless.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A virtual node in a world where everything goes wrong, one seed after the other.
 *
 * <p>{@code -Dsimulation.runs=N} runs more seeds, {@code -Dsimulation.seed=S} one alone and tells
 * its story.
 */
class SimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 800);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void keepsItsPromisesWhateverHappens() {
        Long one = Long.getLong("simulation.seed");
        if (one != null) {
            run(one);
            return;
        }
        for (long seed = FIRST; seed < FIRST + RUNS; seed++) {
            run(seed);
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = VNodeSettings.Orphans.class,
            names = {"LEAVE", "UNINSTALL"})
    void keepsThemWhateverBecomesOfOrphans(VNodeSettings.Orphans policy) {
        for (long seed = FIRST; seed < FIRST + RUNS / 10; seed++) {
            run(new Simulation(seed, Sabotage.NONE, policy), seed);
        }
    }

    private static void run(long seed) {
        run(new Simulation(seed, Sabotage.NONE), seed);
    }

    private static void run(Simulation simulation, long seed) {
        try {
            simulation.run();
        } catch (RuntimeException e) {
            Assertions.fail(
                    "seed %d, run it again with -Dtest=SimulationTest -Dsimulation.seed=%d%n%s%n%s"
                            .formatted(seed, seed, simulation.story.text(), e),
                    e);
        }
    }

    @Test
    void tellsTheSameStoryForTheSameSeed() {
        List<String> stories = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Simulation simulation = new Simulation(FIRST, Sabotage.NONE);
            simulation.run();
            stories.add(simulation.story.told() + simulation.story.text());
        }

        assertThat(stories.getFirst()).isEqualTo(stories.getLast());
    }

    @Test
    void virtualTimeIsNotOurs() {
        VirtualTime time = new VirtualTime();
        long before = time.nanos();

        time.after(60_000, () -> {});
        time.step(61_000);

        assertThat(time.nanos() - before).isEqualTo(Duration.ofMinutes(1).toNanos());
    }
}
