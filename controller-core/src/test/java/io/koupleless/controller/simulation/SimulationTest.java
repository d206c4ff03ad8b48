package io.koupleless.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

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

    private static void run(long seed) {
        Simulation simulation = new Simulation(seed, Sabotage.NONE);
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
