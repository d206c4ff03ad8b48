package io.koupleless.controller.simulation;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import io.koupleless.controller.peers.PeerSettings;
import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Replicas of a peer Deployment in a world where everything goes wrong; {@code -Dsimulation.seed=S}
 * tells the story of one seed.
 */
@Tag("simulation")
class PeerSimulationTest {
    private static final int RUNS = Integer.getInteger("simulation.runs", 800) / 4;
    private static final int SEEDS = Integer.getInteger("simulation.plants", 400);
    private static final PeerSettings SETTINGS = PeerSettings.defaults();

    @Test
    void massRemovalIsNotMassUninstall() {
        Long one = Long.getLong("simulation.seed");
        LongStream seeds = one == null ? LongStream.rangeClosed(1, RUNS) : LongStream.of(one);
        seeds.parallel()
                .filter(seed -> breaks(seed, SETTINGS, PeerProcess.Plant.NONE).length() > 0)
                .boxed()
                .findAny()
                .ifPresent(PeerSimulationTest::tell);
    }

    /** The rule that is broken; empty if none is. */
    private static String breaks(long seed, PeerSettings settings, PeerProcess.Plant plant) {
        try {
            new PeerSimulation(seed, settings, plant, false).run();
            return "";
        } catch (Broken broken) {
            return broken.rule();
        }
    }

    private static void tell(long seed) {
        PeerSimulation run = new PeerSimulation(seed, SETTINGS, PeerProcess.Plant.NONE, true);
        try {
            run.run();
        } catch (Broken broken) {
            fail(
                    "seed %d, run it again with -Dtest=PeerSimulationTest -Dsimulation.seed=%d%n%s%n%s"
                            .formatted(seed, seed, run.story.text(), broken),
                    broken);
        }
        fail("seed " + seed + " broke once, but not again");
    }

    private static void isFound(PeerSettings settings, PeerProcess.Plant plant, String rule) {
        assertThat(LongStream.rangeClosed(1, SEEDS).boxed())
                .as("seeds that notice")
                .anyMatch(seed -> breaks(seed, settings, plant).equals(rule));
    }

    @Test
    void plantedWithoutABrake() {
        isFound(
                new PeerSettings(SETTINGS.notReadyGrace(), SETTINGS.quietAfterStart(), 100),
                PeerProcess.Plant.NONE,
                "brake");
    }

    @Test
    void plantedWithoutAGrace() {
        isFound(
                new PeerSettings(
                        Duration.ZERO, SETTINGS.quietAfterStart(), SETTINGS.brakePercent()),
                PeerProcess.Plant.NONE,
                "grace");
    }

    @Test
    void plantedBlindForPods() {
        isFound(SETTINGS, PeerProcess.Plant.BLIND_FOR_PODS, "rule 13");
    }

    @Test
    void plantedUnsyncedFromTheStart() {
        isFound(
                new PeerSettings(SETTINGS.notReadyGrace(), Duration.ZERO, SETTINGS.brakePercent()),
                PeerProcess.Plant.SYNCED_AT_ONCE,
                "grace");
    }

    @Test
    void plantedWithoutALease() {
        isFound(SETTINGS, PeerProcess.Plant.LEASELESS, "singleton");
    }
}
