package io.koupleless.controller.testkit.playground;

import java.time.Duration;
import org.awaitility.core.ConditionTimeoutException;
import org.jspecify.annotations.Nullable;

/** A step of the playground failed; what follows it cannot be tried. */
final class StepFailedException extends RuntimeException {
    private static final long serialVersionUID = 1L;
    private static final int MAX_REASON = 400;

    private final String step;
    private final transient Duration elapsed;

    StepFailedException(String step, Duration elapsed, Exception cause) {
        super(reason(cause), cause);
        this.step = step;
        this.elapsed = elapsed;
    }

    String step() {
        return step;
    }

    Duration elapsed() {
        return elapsed;
    }

    String reason() {
        return String.valueOf(getMessage());
    }

    private static String reason(Exception cause) {
        if (cause instanceof ConditionTimeoutException timeout) {
            return firstLine(timeout.getMessage()).replaceFirst("^Condition with alias ", "");
        }
        String message = cause.getMessage();
        return message == null ? cause.getClass().getSimpleName() : shortened(message);
    }

    private static String firstLine(@Nullable String text) {
        return text == null ? "it took too long" : text.lines().findFirst().orElse("");
    }

    private static String shortened(String text) {
        return text.length() <= MAX_REASON ? text : text.substring(0, MAX_REASON) + " …";
    }
}
