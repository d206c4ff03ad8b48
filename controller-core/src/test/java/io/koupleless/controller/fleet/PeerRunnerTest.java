package io.koupleless.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.peers.PeerEffect;
import io.koupleless.controller.peers.PeerSettings;
import io.koupleless.controller.peers.Peers;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class PeerRunnerTest {
    private static final Instant WALL = Instant.parse("2026-03-01T08:00:00Z");
    private static final VNodeSettings CONTROLLER =
            new VNodeSettings(
                    "me", "test", VNodeSettings.Times.defaults(), VNodeSettings.Limits.defaults());

    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final List<String> holders = new ArrayList<>();
    private final CountDownLatch held = new CountDownLatch(1);
    private final PeerRunner runner =
            new PeerRunner(
                    new Peers(PeerSettings.defaults(), CONTROLLER, new Moment(0, WALL)),
                    new FleetWorld.Time(
                            workers,
                            workers,
                            (at, task) -> () -> {},
                            () -> 0,
                            Clock.fixed(WALL, ZoneOffset.UTC)),
                    this::kube,
                    new FleetMetrics(new SimpleMeterRegistry()));

    private synchronized Outcome kube(PeerEffect effect) {
        if (effect instanceof PeerEffect.OnLease(Effect.WriteLease(var write))) {
            holders.add(write.holder());
            held.countDown();
            return new Outcome.Written(Integer.toString(holders.size()));
        }
        return new Outcome.LeaseRead(Optional.empty());
    }

    private synchronized List<String> holders() {
        return List.copyOf(holders);
    }

    @AfterEach
    void end() {
        workers.shutdownNow();
    }

    @Test
    void theLeaseIsGivenBackBeforeItIsClosed() throws InterruptedException {
        runner.start();
        assertThat(held.await(20, TimeUnit.SECONDS)).isTrue();

        runner.close();

        assertThat(holders()).containsExactly("me", "");
    }

    @Test
    void whatNeverStartedHasNothingToGiveBack() {
        runner.close();

        assertThat(holders()).isEmpty();
    }
}
