package io.koupleless.controller.fleet;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.Snapshot;
import io.koupleless.controller.vnode.VNode;
import io.koupleless.controller.work.Mailbox;
import io.koupleless.controller.work.Timers;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A virtual node with its mailbox, its one timer, and its effects under way. */
final class RunningNode {
    private static final Logger LOG = LoggerFactory.getLogger(RunningNode.class);
    private static final int BOUND = 1_000;

    private final NodeName name;
    private final BaseId base;
    private final VNode node;
    private final Surroundings world;
    private final Mailbox<Fact> mailbox;
    private Timers.@Nullable Alarm alarm;
    private long alarmAt = Long.MAX_VALUE;
    private volatile Snapshot snapshot = Snapshot.EMPTY;
    private volatile long busySince = Long.MIN_VALUE;
    private volatile boolean stopped;
    private final Map<Command, Long> sentAt = new ConcurrentHashMap<>();

    RunningNode(NodeName name, BaseId base, VNode node, Surroundings world) {
        this.name = name;
        this.base = base;
        this.node = node;
        this.world = world;
        this.mailbox = new Mailbox<>(world.workers(), BOUND, this::step);
    }

    NodeName name() {
        return name;
    }

    Snapshot snapshot() {
        return snapshot;
    }

    void post(Fact fact) {
        mailbox.post(fact);
    }

    boolean offer(Fact fact) {
        return mailbox.offer(fact);
    }

    int depth() {
        return mailbox.depth();
    }

    /** True when one step has been going on for longer than this. */
    boolean stuck(long nanos) {
        long since = busySince;
        return since != Long.MIN_VALUE && world.ticker().nanos() - since > nanos;
    }

    BaseId base() {
        return base;
    }

    void stop() {
        stopped = true;
    }

    /** How long a base took to answer; the first answer counts. */
    void answered(TunnelEvent.CommandAnswered event) {
        for (Command command : sentAt.keySet()) {
            boolean asked =
                    command instanceof Command.OnModule on
                            && on.operation() == event.operation()
                            && event.ref().filter(on.ref()::equals).isPresent();
            Long since = asked ? sentAt.remove(command) : null;
            if (since != null) {
                Duration took = Duration.ofNanos(world.ticker().nanos() - since);
                String result = event.answer().getClass().getSimpleName();
                world.metrics().answered(event.operation().name(), result, took);
            }
        }
    }

    private void step(List<Fact> facts) {
        if (stopped) {
            return;
        }
        busySince = world.ticker().nanos();
        try {
            VNode.Step step = node.on(facts, world.now());
            snapshot = node.snapshot();
            step.effects().forEach(this::start);
            wakeAt(step.wakeAt());
        } catch (RuntimeException e) {
            // Its state can no longer be trusted: it starts anew from what Kubernetes and the base
            // say.
            LOG.atError().addKeyValue("node", name).setCause(e).log("A step failed");
            stop();
            world.failed(this);
        } finally {
            busySince = Long.MIN_VALUE;
        }
    }

    private void wakeAt(long at) {
        if (alarm != null && alarmAt == at) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        if (at != Long.MAX_VALUE && !stopped) {
            alarmAt = at;
            alarm = world.timers().at(at, this::ring);
        }
    }

    private void ring() {
        mailbox.post(new Fact.Woken());
    }

    private void start(Effect effect) {
        switch (effect) {
            case Effect.Send send -> send(send);
            case Effect.Retire retire -> {
                stopped = true;
                world.retired(this);
            }
            case Effect.Tell tell -> world.telling().execute(() -> tell(tell));
            case Effect other ->
                    world.workers().execute(() -> finished(other, world.kube().run(name, other)));
        }
    }

    private void send(Effect.Send send) {
        if (send.command() instanceof Command.OnModule) {
            sentAt.put(send.command(), world.ticker().nanos());
        }
        Message message =
                new Message(
                        base,
                        send.command(),
                        send.timeToLive(),
                        () -> world.ticker().nanos() - send.fenceNanos() < 0);
        world.links()
                .send(send.tunnel(), message)
                .thenAccept(outcome -> {
                    world.metrics().sent(send.command(), outcome);
                    finished(send, outcome);
                });
    }

    private void tell(Effect.Tell tell) {
        world.metrics().event(tell.reason());
        finished(tell, world.kube().run(name, tell));
    }

    private void finished(Effect effect, Outcome outcome) {
        mailbox.post(new Fact.Finished(effect, outcome));
    }
}
