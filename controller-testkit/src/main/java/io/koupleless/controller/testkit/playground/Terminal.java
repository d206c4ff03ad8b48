package io.koupleless.controller.testkit.playground;

import java.io.PrintStream;
import java.time.Duration;
import java.util.List;

/** The user's screen, or a log file: one line per step, and the running step's state in between. */
final class Terminal {
    private static final String GREEN = "\u001b[32m";
    private static final String RED = "\u001b[31m";
    private static final String BOLD = "\u001b[1m";
    private static final String DIM = "\u001b[2m";
    private static final String PLAIN = "\u001b[0m";
    private static final String TO_LINE_END = "\r\u001b[K";
    private static final String MARGIN = " ".repeat(27);

    private final PrintStream out;
    private final boolean screen;
    private final boolean colours;

    Terminal(PrintStream out, boolean screen) {
        this.out = out;
        this.screen = screen;
        this.colours = screen && System.getenv("NO_COLOR") == null;
    }

    /** Standard output, whatever it is. */
    @SuppressWarnings("SystemConsoleNull") // null where there is none, on some JDKs
    static Terminal ofThisJvm() {
        return new Terminal(System.out, System.console() != null && System.console().isTerminal());
    }

    /** Whether a line can be written over. */
    boolean isScreen() {
        return screen;
    }

    synchronized void say(String text) {
        out.println(erase() + text);
    }

    synchronized void title(String text) {
        say(colour(BOLD, text) + "\n");
    }

    /** A step that goes on: written over on a screen, a line of its own in a log. */
    synchronized void running(String step, Duration elapsed, String state) {
        String line = line("·", elapsed, step, state);
        if (screen) {
            out.print(TO_LINE_END + colour(DIM, line.substring(0, Math.min(line.length(), 110))));
            out.flush();
        } else {
            out.println(line);
        }
    }

    synchronized void done(String step, Duration elapsed, List<String> results) {
        say(line(colour(GREEN, "✓"), elapsed, step, String.join("\n" + MARGIN, results)));
    }

    synchronized void failed(String step, Duration elapsed, String reason) {
        say(line(colour(RED, "✗"), elapsed, step, reason.replace("\n", "\n" + MARGIN)));
    }

    synchronized void detail(String text) {
        say(MARGIN + text);
    }

    String bold(String text) {
        return colour(BOLD, text);
    }

    private String erase() {
        return screen ? TO_LINE_END : "";
    }

    private static String line(String mark, Duration elapsed, String step, String text) {
        return " %s %6.1f s  %-14s %s"
                .formatted(mark, elapsed.toMillis() / 1000.0, step, text)
                .stripTrailing();
    }

    private String colour(String code, String text) {
        return colours ? code + text + PLAIN : text;
    }
}
