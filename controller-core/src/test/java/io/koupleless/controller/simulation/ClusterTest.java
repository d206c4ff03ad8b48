package io.koupleless.controller.simulation;

import java.util.stream.LongStream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Two to four bases of one controller in a world where everything goes wrong, one seed after the
 * other, on all processors.
 *
 * <p>One cluster for {@value #EACH} runs of one base, from {@code -Dsimulation.first=S} on; {@code
 * -Dsimulation.seed=S} plays one alone. A seed that fails is played again to tell its story.
 */
@Tag("simulation")
class ClusterTest {
    private static final int EACH = 25;
    private static final int RUNS = Integer.getInteger("simulation.runs", 1_000) / EACH;
    private static final long FIRST = Long.getLong("simulation.first", 1);

    @Test
    void basesOfOneControllerDoNotDisturbEachOther() {
        Long one = Long.getLong("simulation.seed");
        (one == null ? LongStream.range(FIRST, FIRST + RUNS) : LongStream.of(one))
                .parallel()
                .filter(ClusterTest::breaks)
                .boxed()
                .findAny()
                .ifPresent(ClusterTest::tell);
    }

    private static boolean breaks(long seed) {
        try {
            new Cluster(seed, Sabotage.NONE, false).run();
            return false;
        } catch (RuntimeException e) {
            return true;
        }
    }

    private static void tell(long seed) {
        Cluster cluster = new Cluster(seed, Sabotage.NONE, true);
        try {
            cluster.run();
        } catch (RuntimeException e) {
            Assertions.fail(
                    "seed %d, run it again with -Dtest=ClusterTest -Dsimulation.seed=%d%n%s%n%s"
                            .formatted(seed, seed, cluster.story(), e),
                    e);
        }
        Assertions.fail("seed %d broke once, but not again".formatted(seed));
    }
}
