package io.koupleless.controller;

import java.util.Map;

/**
 * How the controller is.
 *
 * @param synced both caches have been filled once
 * @param fresh every watch has heard something lately
 * @param links by tunnel name, whether its link is up
 * @param stuck virtual nodes whose step takes too long
 */
public record ControllerHealth(
        boolean synced, boolean fresh, Map<String, Boolean> links, long stuck) {
    public ControllerHealth {
        links = Map.copyOf(links);
    }

    /** At least one tunnel can reach bases. */
    public boolean linked() {
        return links.containsValue(true);
    }
}
