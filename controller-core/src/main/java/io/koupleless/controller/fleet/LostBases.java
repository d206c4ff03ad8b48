package io.koupleless.controller.fleet;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.work.Timers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Bases whose Nodes were deleted because they were silent. Heartbeats can die for ever while the
 * base lives on, so each is asked for its health now and then, ever more rarely, for a day: whoever
 * answers is a base again. One timer serves them all; of too many the oldest are forgotten.
 */
final class LostBases {
    private static final Duration PATIENCE = Duration.ofDays(1);
    private static final Duration RAREST = Duration.ofMinutes(10);
    private static final double GROWTH = 1.5;
    private static final double JITTER = 0.2;

    private static final class Lost {
        private final Base base;
        private final String tunnel;
        private final long until;
        private long askAt;
        private long pause;

        Lost(Base base, String tunnel, long until, long pause) {
            this.base = base;
            this.tunnel = tunnel;
            this.until = until;
            this.pause = pause;
        }
    }

    private final VNodeSettings.Times times;
    private final Surroundings world;
    private final RandomGenerator random;
    private final int most;
    private final Map<NodeName, Lost> lost = new LinkedHashMap<>();
    private Timers.@Nullable Alarm alarm;

    LostBases(VNodeSettings.Times times, Surroundings world, RandomGenerator random, int most) {
        this.times = times;
        this.world = world;
        this.random = random;
        this.most = most;
    }

    /** Its Node is gone; it may be there yet. */
    synchronized void add(NodeName name, Base base, String tunnel) {
        long now = world.ticker().nanos();
        Lost added =
                new Lost(base, tunnel, now + PATIENCE.toNanos(), times.silentAfter().toNanos());
        schedule(added, now);
        lost.put(name, added);
        if (lost.size() > most) {
            lost.remove(lost.keySet().iterator().next());
        }
        wake();
    }

    /** It has spoken, or is known to be another's concern now. */
    synchronized Optional<Base> remove(NodeName name) {
        return Optional.ofNullable(lost.remove(name)).map(found -> found.base);
    }

    synchronized void stop() {
        lost.clear();
        cancel();
    }

    private void ask() {
        due().forEach(this::ask);
    }

    private synchronized List<Lost> due() {
        long now = world.ticker().nanos();
        List<Lost> due = new ArrayList<>();
        for (Iterator<Lost> all = lost.values().iterator(); all.hasNext(); ) {
            Lost one = all.next();
            if (now - one.until >= 0) {
                all.remove();
            } else if (now - one.askAt >= 0) {
                due.add(one);
                schedule(one, now);
            }
        }
        wake();
        return due;
    }

    private void ask(Lost one) {
        if (world.links().up(one.tunnel)) {
            Message question =
                    new Message(
                            one.base.id(),
                            new Command.QueryHealth(),
                            times.queryDeadline(),
                            () -> true);
            world.links().send(one.tunnel, question);
        }
    }

    private void schedule(Lost one, long now) {
        one.askAt = now + (long) (one.pause * (1 + JITTER * random.nextDouble()));
        one.pause = Math.min((long) (one.pause * GROWTH), RAREST.toNanos());
    }

    private void wake() {
        cancel();
        lost.values().stream()
                .mapToLong(one -> one.askAt)
                .reduce((a, b) -> a - b < 0 ? a : b)
                .ifPresent(next -> alarm = world.timers().at(next, this::ask));
    }

    private void cancel() {
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
    }
}
