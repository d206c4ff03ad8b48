package io.koupleless.controller.node;

/**
 * A Node taint.
 *
 * @param timeAdded as Kubernetes stamped it; empty when not stamped. Ours never are.
 */
public record Taint(String key, String value, String effect, String timeAdded) {
    public static final String NO_EXECUTE = "NoExecute";
    public static final String NO_SCHEDULE = "NoSchedule";

    public Taint(String key, String value, String effect) {
        this(key, value, effect, "");
    }
}
