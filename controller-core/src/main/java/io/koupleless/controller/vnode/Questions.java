package io.koupleless.controller.vnode;

import io.koupleless.controller.tunnel.Command;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** What a base is asked from time to time: for its health and for its modules. */
final class Questions {
    private final VNodeSettings.Times times;
    private final RandomGenerator random;
    private final QueryTrack health;
    private final QueryTrack modules;

    Questions(VNodeSettings.Times times, RandomGenerator random, Moment now) {
        this.times = times;
        this.random = random;
        this.health = new QueryTrack(times.queryDeadline(), now);
        this.modules = new QueryTrack(times.queryDeadline(), now);
        askAll(now);
    }

    QueryTrack health() {
        return health;
    }

    QueryTrack modules() {
        return modules;
    }

    void askAll(Moment now) {
        health.want(now.nanos());
        modules.want(now.nanos());
    }

    /** The base's process is another: nothing asked before will be answered. */
    void askAnew(Moment now) {
        health.clear();
        modules.clear();
        askAll(now);
    }

    /** One of them should have been answered by now. */
    boolean overdue(Moment now) {
        return health.overdue(now) || modules.overdue(now);
    }

    /** The questions that leave now, over this tunnel. */
    List<Command> leaving(String tunnel, Moment now) {
        List<Command> commands = new ArrayList<>();
        if (health.due(now)) {
            asked(health, tunnel, times.healthPeriod(), now);
            commands.add(new Command.QueryHealth());
        }
        if (modules.due(now)) {
            asked(modules, tunnel, times.modulesPeriod(), now);
            commands.add(new Command.QueryModules());
        }
        return commands;
    }

    private void asked(QueryTrack track, String tunnel, Duration period, Moment now) {
        track.asked(tunnel, now);
        double jitter = 0.9 + random.nextDouble() * 0.2;
        track.want(now.nanos() + (long) (period.toNanos() * jitter));
    }

    long nextLook(Moment now) {
        return Math.min(health.nextLook(now), modules.nextLook(now));
    }
}
