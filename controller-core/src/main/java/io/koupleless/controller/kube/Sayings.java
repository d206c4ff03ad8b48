package io.koupleless.controller.kube;

import java.util.LinkedHashMap;
import java.util.Map;

/** What was said lately; of too much the oldest is forgotten, and may be said again. */
final class Sayings {
    private static final int MOST = 10_000;

    private final Map<String, Boolean> said =
            new LinkedHashMap<>() {
                @Override
                protected boolean removeEldestEntry(Map.Entry<String, Boolean> eldest) {
                    return size() > MOST;
                }
            };

    /** True the first time. */
    synchronized boolean add(String saying) {
        return said.putIfAbsent(saying, true) == null;
    }
}
