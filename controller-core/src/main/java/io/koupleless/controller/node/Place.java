package io.koupleless.controller.node;

/**
 * Where bases are of which nobody knows it; either text may be empty.
 *
 * @param zone value of {@code topology.kubernetes.io/zone}
 * @param region value of {@code topology.kubernetes.io/region}
 */
public record Place(String zone, String region) {
    public static final Place UNKNOWN = new Place("", "");
}
