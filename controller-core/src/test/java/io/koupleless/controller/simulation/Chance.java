package io.koupleless.controller.simulation;

import java.util.List;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/** All that is left to chance in one run, from one seed. */
final class Chance {
    private final RandomGenerator random;

    Chance(long seed) {
        this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
    }

    RandomGenerator random() {
        return random;
    }

    boolean of(double probability) {
        return probability > 0 && random.nextDouble() < probability;
    }

    /** Both ends included. */
    long between(long least, long most) {
        return least >= most ? least : random.nextLong(least, most + 1);
    }

    <T> T pick(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }
}
