package io.koupleless.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A virtual node in a world where everything goes wrong, one seed after the other, on all
 * processors.
 *
 * <p>{@code -Dsimulation.runs=N} runs more seeds, from {@code -Dsimulation.first=S} on; {@code
 * -Dsimulation.seed=S} one alone. A seed that fails is played again to tell its story.
 */
@Tag("simulation")
class SimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 800);
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void keepsItsPromisesWhateverHappens() {
        Long one = Long.getLong("simulation.seed");
        keepsThem(
                one == null ? LongStream.range(FIRST, FIRST + RUNS) : LongStream.of(one),
                VNodeSettings.Orphans.UNINSTALL_OURS);
    }

    @ParameterizedTest
    @EnumSource(
            value = VNodeSettings.Orphans.class,
            names = {"LEAVE", "UNINSTALL"})
    void keepsThemWhateverBecomesOfOrphans(VNodeSettings.Orphans policy) {
        keepsThem(LongStream.range(FIRST, FIRST + RUNS / 10), policy);
    }

    private static void keepsThem(LongStream seeds, VNodeSettings.Orphans policy) {
        seeds.parallel()
                .filter(seed -> breaks(seed, policy))
                .boxed()
                .findAny()
                .ifPresent(seed -> tell(seed, policy));
    }

    private static boolean breaks(long seed, VNodeSettings.Orphans policy) {
        try {
            new Simulation(seed, Sabotage.NONE, policy).run();
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static void tell(long seed, VNodeSettings.Orphans policy) {
        Simulation simulation = Simulation.told(seed, Sabotage.NONE, policy);
        try {
            simulation.run();
        } catch (RuntimeException e) {
            Assertions.fail(
                    "seed %d, run it again with -Dtest=SimulationTest -Dsimulation.seed=%d%n%s%n%s"
                            .formatted(seed, seed, simulation.story.text(), e),
                    e);
        }
        Assertions.fail("seed %d broke once, but not again".formatted(seed));
    }

    @Test
    void tellsTheSameStoryForTheSameSeed() {
        List<String> stories = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Simulation simulation =
                    Simulation.told(FIRST, Sabotage.NONE, VNodeSettings.Orphans.UNINSTALL_OURS);
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
