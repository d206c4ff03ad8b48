package io.koupleless.controller.app;

/**
 * For {@code @ResourceLock}: integration tests run side by side in one JVM, one class at a time in
 * each lane, so that the stage of a lane is started once and belongs to one class at a time.
 */
public final class Lane {
    /** Controller and bases over MQTT. */
    public static final String MQTT = "MQTT";

    /** Others like them, for what takes its time. */
    public static final String OUTAGES = "outages";

    /** Controller and bases over HTTP. */
    public static final String HTTP = "HTTP";

    /** Bases at the wire, and whatever has parts of its own. */
    public static final String WIRE = "wire";

    private Lane() {}
}
