package io.koupleless.controller.tunnel;

/** Where a tunnel counts what it drops; the metrics of the controller implement it. */
public interface TunnelCounters {
    /**
     * A message was received that could not be used.
     *
     * @param reason a short constant such as {@code malformed} or {@code topic}
     */
    void dropped(String tunnel, String reason);

    /** Counts nothing. */
    static TunnelCounters none() {
        return (tunnel, reason) -> {};
    }
}
