package io.koupleless.controller.testkit.playground;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the user asked for on the command line. */
record PlaygroundArguments(Mode mode) {
    /** How long the playground stays. */
    enum Mode {
        STAY,
        EXIT,
        HELP
    }

    /** The text that the script shows too. */
    static String usage() {
        return TextResource.read("usage.txt");
    }

    /** Empty if the command line is wrong. */
    static Optional<PlaygroundArguments> parse(String... arguments) {
        List<String> all = Arrays.asList(arguments);
        if (all.contains("--help") || all.contains("-h")) {
            return Optional.of(new PlaygroundArguments(Mode.HELP));
        }
        if (all.isEmpty()) {
            return Optional.of(new PlaygroundArguments(Mode.STAY));
        }
        return all.stream().allMatch("--exit"::equals)
                ? Optional.of(new PlaygroundArguments(Mode.EXIT))
                : Optional.empty();
    }
}
