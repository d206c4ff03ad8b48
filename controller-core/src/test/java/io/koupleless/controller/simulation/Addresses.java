package io.koupleless.controller.simulation;

import java.util.ArrayList;
import java.util.List;

/** IP addresses as a network gives them to Pods: those that were left are soon used again. */
final class Addresses {
    private final boolean shared;
    private final List<String> left = new ArrayList<>();
    private int given;

    /**
     * @param shared by several bases; one alone gets new ones only
     */
    Addresses(boolean shared) {
        this.shared = shared;
    }

    /** Another address for a base that leaves its own. */
    String next(Simulation base) {
        String before = base.base.ip();
        boolean again = shared && !left.isEmpty() && base.ways.of(0.7);
        String next = again ? left.removeFirst() : "10.0.1." + ++given;
        left.add(before);
        return next;
    }
}
