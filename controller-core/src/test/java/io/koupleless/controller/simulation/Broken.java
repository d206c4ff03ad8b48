package io.koupleless.controller.simulation;

import java.io.Serial;

/** A promise was broken. */
final class Broken extends RuntimeException {
    @Serial private static final long serialVersionUID = 1L;

    private final String rule;

    /**
     * @param rule short name of the promise
     * @param what happened
     */
    Broken(String rule, String what) {
        super(rule + ": " + what);
        this.rule = rule;
    }

    String rule() {
        return rule;
    }
}
