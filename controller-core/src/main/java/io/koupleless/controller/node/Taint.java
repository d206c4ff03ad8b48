package io.koupleless.controller.node;

/** A Node taint. */
public record Taint(String key, String value, String effect) {
    public static final String NO_EXECUTE = "NoExecute";
    public static final String NO_SCHEDULE = "NoSchedule";
}
