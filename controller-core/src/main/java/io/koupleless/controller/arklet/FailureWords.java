package io.koupleless.controller.arklet;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What a base says about a failure.
 *
 * @param message the answer's own message: over HTTP {@code Internal Error: } and the exception's
 *     message, over MQTT the latter alone
 * @param detail a stack trace or a plain remark, often empty
 */
record FailureWords(String message, String detail) {
    private static final String CAUSED_BY = "Caused by: ";
    private static final int MAX_CAUSE = 512;

    /** Arklet's own wrappers, which say nothing about what went wrong. */
    private static final Set<String> WRAPPERS =
            Set.of("Internal Error", "ArkletRuntimeException", "CommandValidationException");

    /** The deepest {@code Caused by}, else the first line of what says most. */
    String cause() {
        List<String> causes = causes().toList();
        if (!causes.isEmpty()) {
            return shortened(causes.getLast());
        }
        String own = bare(firstLine(message));
        String beneath = bare(firstLine(detail));
        boolean remark = !beneath.isEmpty() && !isTrace();
        return shortened(remark || own.isEmpty() || own.equals("null") ? beneath : own);
    }

    /** The lines that name exceptions: the message, the trace's first line and each cause. */
    List<String> headlines() {
        return Stream.concat(Stream.of(bare(firstLine(message)), bare(firstLine(detail))), causes())
                .toList();
    }

    /** True when the stack trace passes through the method, written as {@code Class.method}. */
    boolean passesThrough(String method) {
        return detail.contains("." + method + "(");
    }

    /** Causes of suppressed exceptions are indented and don't count. */
    private Stream<String> causes() {
        return detail.lines()
                .filter(line -> line.startsWith(CAUSED_BY))
                .map(line -> line.substring(CAUSED_BY.length()).strip())
                .filter(line -> !line.isEmpty());
    }

    private boolean isTrace() {
        return detail.contains("\n\tat ");
    }

    private static String firstLine(String text) {
        return text.strip().lines().findFirst().orElse("").strip();
    }

    private static String bare(String line) {
        String rest = line;
        for (int end = rest.indexOf(": "); end >= 0; end = rest.indexOf(": ")) {
            String prefix = rest.substring(0, end);
            if (!WRAPPERS.contains(prefix.substring(prefix.lastIndexOf('.') + 1))) {
                break;
            }
            rest = rest.substring(end + 2).strip();
        }
        return rest;
    }

    private static String shortened(String line) {
        if (line.length() <= MAX_CAUSE) {
            return line;
        }
        boolean splits = Character.isHighSurrogate(line.charAt(MAX_CAUSE - 1));
        return line.substring(0, splits ? MAX_CAUSE - 1 : MAX_CAUSE);
    }
}
