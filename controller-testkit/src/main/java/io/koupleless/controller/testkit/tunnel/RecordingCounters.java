package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.tunnel.TunnelCounters;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Keeps why messages were dropped. */
public final class RecordingCounters implements TunnelCounters {
    private final List<String> reasons = new CopyOnWriteArrayList<>();

    @Override
    public void dropped(String tunnel, String reason) {
        reasons.add(reason);
    }

    public List<String> reasons() {
        return List.copyOf(reasons);
    }

    public long count(String reason) {
        return reasons.stream().filter(reason::equals).count();
    }
}
