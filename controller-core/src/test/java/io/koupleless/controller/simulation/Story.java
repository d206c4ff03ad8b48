package io.koupleless.controller.simulation;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.stream.Collectors;

/** What happened, told only if somebody has to know. */
final class Story {
    private static final int KEPT = Integer.getInteger("simulation.lines", 120);

    private record Line(long millis, String who, Object[] details) {
        @Override
        public String toString() {
            return "%9.3f s  %-10s %s"
                    .formatted(
                            millis / 1000.0,
                            who,
                            Arrays.stream(details)
                                    .map(String::valueOf)
                                    .map(Line::shorter)
                                    .collect(Collectors.joining(" ")));
        }

        private static String shorter(String text) {
            return text.length() <= 700 ? text : text.substring(0, 700) + "…";
        }
    }

    private final VirtualTime time;
    private final boolean kept;
    private final Deque<Line> lines = new ArrayDeque<>();
    private long told;

    /**
     * @param kept false to count the lines only
     */
    Story(VirtualTime time, boolean kept) {
        this.time = time;
        this.kept = kept;
    }

    void tell(String who, Object... details) {
        told++;
        if (!kept) {
            return;
        }
        lines.addLast(new Line(time.millis(), who, details));
        if (lines.size() > KEPT) {
            lines.pollFirst();
        }
    }

    /** How much was told: equal for equal seeds. */
    long told() {
        return told;
    }

    String text() {
        return lines.stream().map(Line::toString).collect(Collectors.joining("\n"));
    }
}
