package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.SampleBase;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The taps before several bases; each goes on when nobody listens here any more. */
final class ArkletTaps implements CommandTap {
    private final Map<SampleBase, ArkletTap> taps;
    private final Map<SampleBase, Integer> heardBefore = new HashMap<>();

    ArkletTaps(Map<SampleBase, ArkletTap> taps) {
        this.taps = Map.copyOf(taps);
        taps.forEach((base, tap) -> heardBefore.put(base, tap.requests().size()));
    }

    @Override
    public List<Sent> all() {
        return taps.entrySet().stream()
                .flatMap(entry ->
                        entry.getValue().requests().stream()
                                .skip(heardBefore.getOrDefault(entry.getKey(), 0))
                                .map(request -> sent(entry.getKey(), request)))
                .filter(sent -> sent.command().endsWith("nstallBiz"))
                .toList();
    }

    private static Sent sent(SampleBase base, ArkletTap.Request request) {
        return new Sent(base.identity(), request.command(), request.body());
    }

    @Override
    public void close() {
        // the bases go on behind their taps
    }
}
