package io.koupleless.controller.fleet;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.FailureCode;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.Snapshot;
import io.koupleless.controller.vnode.VNode;
import io.koupleless.controller.work.Mailbox;
import io.koupleless.controller.work.Timers;
import java.util.List;
import java.util.Optional;
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
    private final AnswerTimes answerTimes;

    RunningNode(NodeName name, BaseId base, VNode node, Surroundings world) {
        this.name = name;
        this.base = base;
        this.node = node;
        this.world = world;
        this.answerTimes = new AnswerTimes(world.metrics());
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

    /** What a tunnel told; false when too much waits already. */
    boolean hear(String tunnel, TunnelEvent.OfBase event) {
        answerTimes.heard(event, world.ticker().nanos());
        return mailbox.offer(new Fact.Heard(tunnel, event));
    }

    /** Where a base may still be that was only silent; to be asked within a step. */
    Optional<VNode.Silent> silent() {
        return node.silent();
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
            case Effect.Count(FailureCode code) -> world.metrics().failed(code);
            case Effect.Probe probe -> {
                world.prober()
                        .check(
                                probe.target(),
                                probe.timeout(),
                                result -> {
                                    world.metrics().probed(result);
                                    finished(probe, new Outcome.Checked(result));
                                });
            }
            case Effect.CallHook call -> {
                world.prober()
                        .check(
                                call.target(),
                                call.timeout(),
                                result -> finished(call, new Outcome.Checked(result)));
            }
            case Effect.Words words -> world.telling().execute(() -> tell(words));
            case Effect other ->
                    world.workers().execute(() -> finished(other, world.kube().run(name, other)));
        }
    }

    private void send(Effect.Send send) {
        answerTimes.sent(send.command(), world.ticker().nanos());
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
                    if (outcome instanceof Outcome.NotSent || outcome instanceof Outcome.Refused) {
                        answerTimes.notSent(send.command());
                    }
                    finished(send, outcome);
                });
    }

    private void tell(Effect.Words words) {
        world.metrics().event(words.reason());
        finished(words, world.kube().run(name, words));
    }

    private void finished(Effect effect, Outcome outcome) {
        mailbox.post(new Fact.Finished(effect, outcome));
    }
}
