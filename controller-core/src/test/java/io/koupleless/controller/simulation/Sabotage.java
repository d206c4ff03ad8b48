package io.koupleless.controller.simulation;

import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import java.util.Optional;
import java.util.stream.Stream;

/** A bug planted between the virtual node and its world; none by default. */
interface Sabotage {
    Sabotage NONE = new Sabotage() {};

    /** What the virtual node is told instead of a fact. */
    default Stream<Fact> arriving(Fact fact, Simulation world) {
        return Stream.of(fact);
    }

    /** What is done instead of an effect. */
    default Stream<Effect> leaving(Effect effect, Simulation world) {
        return Stream.of(effect);
    }

    /** How many commands the tunnel claims that the base can work on. */
    default int commandsAtOnce(int honest) {
        return honest;
    }

    /** What an effect ends with, though the API server never heard of it. */
    default Optional<Outcome> instead(Effect effect, Simulation world) {
        return Optional.empty();
    }
}
