package io.koupleless.controller.testkit.playground;

import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** What the user asked for on the command line. */
record PlaygroundArguments(Mode mode, TunnelChoice tunnel) {
    private static final String TUNNEL = "--tunnel";

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

    /** Empty if the command line is wrong; the last word on a matter counts. */
    static Optional<PlaygroundArguments> parse(String... arguments) {
        Mode mode = Mode.STAY;
        TunnelChoice tunnel = TunnelChoice.BOTH;
        Iterator<String> words = words(arguments).iterator();
        while (words.hasNext()) {
            switch (words.next()) {
                case "--help", "-h" -> mode = Mode.HELP;
                case "--exit" -> mode = mode == Mode.HELP ? mode : Mode.EXIT;
                case TUNNEL -> {
                    Optional<TunnelChoice> chosen =
                            words.hasNext() ? TunnelChoice.of(words.next()) : Optional.empty();
                    if (chosen.isEmpty()) {
                        return Optional.empty();
                    }
                    tunnel = chosen.get();
                }
                default -> {
                    return Optional.empty();
                }
            }
        }
        return Optional.of(new PlaygroundArguments(mode, tunnel));
    }

    /** {@code --tunnel=http} is two words. */
    private static List<String> words(String... arguments) {
        return Arrays.stream(arguments)
                .flatMap(argument ->
                        argument.startsWith(TUNNEL + "=")
                                ? Stream.of(TUNNEL, argument.substring(TUNNEL.length() + 1))
                                : Stream.of(argument))
                .toList();
    }
}
