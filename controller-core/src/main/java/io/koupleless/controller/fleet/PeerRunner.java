package io.koupleless.controller.fleet;

import io.koupleless.controller.peers.PeerEffect;
import io.koupleless.controller.peers.PeerFact;
import io.koupleless.controller.peers.Peers;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.work.Mailbox;
import io.koupleless.controller.work.Timers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The peer Deployments of an environment with their mailbox, their timer, and effects under way.
 */
public final class PeerRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(PeerRunner.class);
    private static final int BOUND = 1_000;
    private static final Duration LATER = Duration.ofSeconds(30);
    private static final Duration LAST_WRITE = Duration.ofSeconds(3);

    private final Peers peers;
    private final FleetWorld.Time time;
    private final Function<PeerEffect, Outcome> kube;
    private final FleetMetrics metrics;
    private final Mailbox<PeerFact> mailbox;
    private Timers.@Nullable Alarm alarm;
    private long alarmAt = Long.MAX_VALUE;
    private volatile boolean running;
    private final CountDownLatch over = new CountDownLatch(1);

    /**
     * @param kube may block
     */
    public PeerRunner(
            Peers peers,
            FleetWorld.Time time,
            Function<PeerEffect, Outcome> kube,
            FleetMetrics metrics) {
        this.peers = peers;
        this.time = time;
        this.kube = kube;
        this.metrics = metrics;
        this.mailbox = new Mailbox<>(time.workers(), BOUND, this::step);
    }

    /** Without it nothing that is told is heard. */
    public void start() {
        running = true;
        post(new PeerFact.Woken());
    }

    public void post(PeerFact fact) {
        if (running) {
            mailbox.post(fact);
        }
    }

    /** Gives the Lease back, so that whoever comes next need not wait until it runs out. */
    @Override
    public void close() {
        if (!running) {
            return;
        }
        post(new PeerFact.Stopping());
        try {
            if (!over.await(LAST_WRITE.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.atWarn().log("The Lease of peer Deployments is not given back: it runs out");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            running = false;
        }
    }

    private void step(List<PeerFact> facts) {
        if (!running) {
            return;
        }
        Moment now = new Moment(time.ticker().nanos(), time.clock().instant());
        try {
            Peers.Step step = peers.on(facts, now);
            step.effects().forEach(this::start);
            wakeAt(step.wakeAt());
            if (step.over()) {
                over.countDown();
            }
        } catch (RuntimeException e) {
            // Nothing depends on one step: the next one counts anew.
            LOG.atError().setCause(e).log("A step of peer Deployments failed");
            wakeAt(now.plus(LATER));
        }
    }

    private void start(PeerEffect effect) {
        boolean words = effect instanceof PeerEffect.Tell;
        (words ? time.telling() : time.workers()).execute(() -> run(effect));
    }

    private void run(PeerEffect effect) {
        Outcome outcome =
                mayLeave(effect)
                        ? kube.apply(effect)
                        : new Outcome.NotSent("the Lease of peer Deployments ran out");
        if (effect instanceof PeerEffect.Scale scale) {
            boolean up = scale.replicas() > scale.deployment().replicas();
            metrics.scaled(up ? "up" : "down", outcome);
        }
        post(new PeerFact.Finished(effect, outcome));
    }

    private boolean mayLeave(PeerEffect effect) {
        return !(effect instanceof PeerEffect.Scale scale)
                || time.ticker().nanos() - scale.fenceNanos() < 0;
    }

    private void wakeAt(long at) {
        if (alarm != null && alarmAt == at) {
            return;
        }
        if (alarm != null) {
            alarm.cancel();
            alarm = null;
        }
        if (at != Long.MAX_VALUE && running) {
            alarmAt = at;
            alarm = time.timers().at(at, () -> post(new PeerFact.Woken()));
        }
    }
}
