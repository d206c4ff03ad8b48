package io.koupleless.controller.testkit.process;

/** Is told in one short line what a slow operation is doing right now. */
@FunctionalInterface
public interface Progress {
    void say(String line);

    /** For operations whose progress interests nobody. */
    static Progress silent() {
        return _ -> {};
    }

    /** For tests: on standard error, away from what they print. */
    @SuppressWarnings("SystemErr")
    static Progress onStandardError() {
        return line -> System.err.println("[testkit] " + line);
    }
}
