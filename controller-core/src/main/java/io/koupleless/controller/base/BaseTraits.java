package io.koupleless.controller.base;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What is known of a base beyond what it runs: words of its own, and where it is.
 *
 * @param labels as the base or its Pod has them; which of them count is decided for its Node
 * @param annotations the same
 * @param zone that it runs in, as {@code topology.kubernetes.io/zone}; empty when nobody knows
 * @param region the same
 * @param ports that its Pod lists, but for arklet's
 */
public record BaseTraits(
        Map<String, String> labels,
        Map<String, String> annotations,
        String zone,
        String region,
        List<BasePort> ports) {
    public static final BaseTraits NONE = new BaseTraits(Map.of(), Map.of(), "", "");

    public BaseTraits {
        labels = Map.copyOf(labels);
        annotations = Map.copyOf(annotations);
        ports = List.copyOf(ports);
    }

    /** Of one whose ports nobody knows. */
    public BaseTraits(
            Map<String, String> labels,
            Map<String, String> annotations,
            String zone,
            String region) {
        this(labels, annotations, zone, region, List.of());
    }

    public BaseTraits with(List<BasePort> listed) {
        return new BaseTraits(labels, annotations, zone, region, listed);
    }

    /** The same, with what is missing taken from another who knows the base. */
    public BaseTraits completedBy(BaseTraits other) {
        return new BaseTraits(
                merged(labels, other.labels),
                merged(annotations, other.annotations),
                zone.isEmpty() ? other.zone : zone,
                region.isEmpty() ? other.region : region,
                ports.isEmpty() ? other.ports : ports);
    }

    public BaseTraits at(String itsZone, String itsRegion) {
        return new BaseTraits(labels, annotations, itsZone, itsRegion, ports);
    }

    private static Map<String, String> merged(Map<String, String> first, Map<String, String> then) {
        if (first.isEmpty() || then.isEmpty()) {
            return first.isEmpty() ? then : first;
        }
        Map<String, String> both = new HashMap<>(then);
        both.putAll(first);
        return both;
    }
}
