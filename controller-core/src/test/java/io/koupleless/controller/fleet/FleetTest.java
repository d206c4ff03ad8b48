package io.koupleless.controller.fleet;

import static io.koupleless.controller.fleet.Backstage.heartbeat;
import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.Snapshot;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class FleetTest {
    private static final NodeName NODE = new NodeName("vnode.base-1.dev");
    private static final TunnelEvent LINK_UP = new TunnelEvent.LinkChanged(true);

    private final Backstage backstage = new Backstage();
    private final Fleet fleet = backstage.fleet;

    /** Law 1. */
    @Test
    void whoBringsAFactOnlyLeavesItThere() {
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        fleet.nodeSeen(Backstage.node(NODE));
        fleet.podsSynced();

        assertThat(backstage.run).isEmpty();
        assertThat(backstage.tunnel.sent()).isEmpty();
        assertThat(only().snapshot()).isSameAs(Snapshot.EMPTY);
        assertThat(only().depth()).isPositive();

        backstage.work();
        assertThat(backstage.run).contains(new Effect.ReadLease());
        assertThat(only().depth()).isZero();
    }

    /** Law 2. */
    @Test
    void aBaseWhoseEffectsHangHoldsUpNoOther() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Backstage busy = new Backstage(threads);
            busy.kube =
                    (node, effect) -> {
                        if (node.equals(NODE)) {
                            hanging.countDown();
                            await(release);
                        }
                        return Backstage.freshCluster(node, effect);
                    };
            busy.tunnel.onSend(message -> {
                if (message.base().equals(new BaseId("base-2"))) {
                    asked.countDown();
                }
                return CompletableFuture.completedFuture(null);
            });
            busy.hear(LINK_UP);
            busy.hear(heartbeat("base-1"));
            assertThat(hanging.await(5, TimeUnit.SECONDS)).isTrue();

            busy.hear(heartbeat("base-2"));

            assertThat(asked.await(5, TimeUnit.SECONDS)).isTrue();
            release.countDown();
            busy.fleet.stop();
        }
    }

    /** Law 2, for the base itself. */
    @Test
    void aHangingEffectDoesNotKeepItsBaseFromTakingFacts() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch hanging = new CountDownLatch(1);
        CountDownLatch taken = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Backstage busy = new Backstage(threads);
            busy.kube =
                    (node, effect) -> {
                        if (effect instanceof Effect.WriteRecord
                                || effect instanceof Effect.ReadRecord) {
                            hanging.countDown();
                            await(release);
                        }
                        return Backstage.freshCluster(node, effect);
                    };
            busy.tunnel.onSend(_ -> {
                taken.countDown();
                return CompletableFuture.completedFuture(null);
            });
            busy.hear(heartbeat("base-1"));
            assertThat(hanging.await(5, TimeUnit.SECONDS)).isTrue();

            busy.hear(LINK_UP);

            assertThat(taken.await(5, TimeUnit.SECONDS)).isTrue();
            release.countDown();
            busy.fleet.stop();
        }
    }

    @Test
    void aHeartbeatMakesOneVirtualNodeHoweverOftenItComes() {
        backstage.hear(heartbeat("base-1"));
        RunningNode first = only();
        backstage.hear(heartbeat("base-1"));
        backstage.work();

        assertThat(only()).isSameAs(first);
        assertThat(first.name()).isEqualTo(NODE);
    }

    @Test
    void aNodeThatAnEarlierProcessMadeIsABaseToo() {
        fleet.nodeSeen(Backstage.node(NODE));

        assertThat(only().base()).isEqualTo(new BaseId("base-1"));
    }

    @Test
    void whatABaseSaysThatNobodyKnowsIsCountedAndMakesNothing() {
        backstage.hear(new TunnelEvent.ModulesReported(new BaseId("base-1"), List.of()));

        assertThat(fleet.running()).isEmpty();
        assertThat(backstage.dropped("unknown-base")).isEqualTo(1);
    }

    @Test
    void aBaselineAskedForRightBeforeTheFirstHeartbeatIsNotLost() {
        backstage.hear(heartbeat("base-1"));
        int depth = only().depth();
        backstage.hear(new TunnelEvent.BaselineAsked(new BaseId("base-2")));
        assertThat(fleet.running()).hasSize(1);

        backstage.hear(heartbeat("base-2"));

        assertThat(fleet.running())
                .extracting(RunningNode::depth)
                .containsExactlyInAnyOrder(depth, depth + 1);
    }

    @Test
    void anIdentityThatGivesNoNodeNameIsRefused() {
        backstage.hear(heartbeat("Base_1"));

        assertThat(fleet.running()).isEmpty();
        assertThat(backstage.count("bases_refused")).isEqualTo(1);
    }

    @Test
    void twoIdentitiesNeverShareAVirtualNode() {
        backstage.hear(heartbeat("a:b"));
        backstage.hear(heartbeat("a-b"));

        assertThat(only().base()).isEqualTo(new BaseId("a:b"));
        assertThat(only().depth()).isEqualTo(depthAfterOneHeartbeat());
        assertThat(backstage.count("bases_refused")).isEqualTo(1);
    }

    @Test
    void aBaseThatFloodsUsLosesHeartbeatsButNotWhatComesOnlyOnce() {
        IntStream.range(0, 1_500).forEach(_ -> backstage.hear(heartbeat("base-1")));
        int bound = only().depth();

        assertThat(bound).isEqualTo(1_000);
        assertThat(backstage.dropped("overflow")).isPositive();
        backstage.hear(LINK_UP);
        assertThat(only().depth()).isEqualTo(bound + 1);
    }

    @Test
    void aBaseFoundLaterKnowsTheLinksStateAsWell() {
        backstage.hear(LINK_UP);
        backstage.work();
        backstage.hear(heartbeat("base-1"));
        backstage.work();

        assertThat(backstage.tunnel.sent()).isNotEmpty();
    }

    @Test
    void noQuestionGoesOverALinkThatIsDown() {
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        backstage.hear(new TunnelEvent.LinkChanged(false));
        backstage.work();

        assertThat(only().snapshot().leased()).isTrue();
        assertThat(backstage.tunnel.sent()).isEmpty();
    }

    @Test
    void aVirtualNodeWhoseStepThrowsIsBuiltAnewFromItsNode() {
        backstage.tunnel.onSend(_ -> {
            throw new IllegalStateException("a tunnel that breaks its promise");
        });
        backstage.cachedNodes.put(NODE, Backstage.node(NODE));
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-2"));
        backstage.work();
        assertThat(fleet.running()).as("no Node to build it from").isEmpty();

        backstage.hear(heartbeat("base-1"));
        RunningNode broken = only();
        backstage.work();
        assertThat(fleet.running()).isEmpty();

        backstage.tunnel.onSend(_ -> CompletableFuture.completedFuture(null));
        backstage.pass(Duration.ofSeconds(4));
        assertThat(fleet.running()).isEmpty();
        backstage.pass(Duration.ofSeconds(1));

        assertThat(only()).isNotSameAs(broken);
        assertThat(only().snapshot().leased()).isTrue();
    }

    @Test
    void aStepThatThrowsHarmsNoOtherBase() {
        backstage.tunnel.onSend(message -> {
            if (message.base().value().equals("base-1")) {
                throw new IllegalStateException("a tunnel that breaks its promise");
            }
            return CompletableFuture.failedFuture(new TunnelException.Unavailable("full", null));
        });
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        backstage.hear(heartbeat("base-2"));
        backstage.work();

        assertThat(only().base()).isEqualTo(new BaseId("base-2"));
    }

    @Test
    void aStepThatGoesOnForTooLongIsSeenFromOutside() {
        List<Long> stuck = new ArrayList<>();
        backstage.tunnel.onSend(_ -> {
            stuck.add(fleet.stuck(Duration.ofMinutes(1)));
            backstage.tick(Duration.ofSeconds(61));
            stuck.add(fleet.stuck(Duration.ofMinutes(1)));
            backstage.tunnel.onSend(_ -> CompletableFuture.completedFuture(null));
            return CompletableFuture.completedFuture(null);
        });
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        backstage.work();

        assertThat(stuck).containsExactly(0L, 1L);
        assertThat(fleet.stuck(Duration.ofMinutes(1))).isZero();
    }

    @Test
    void aBaseHasOneTimerHoweverMuchHappens() {
        backstage.hear(LINK_UP);
        IntStream.range(0, 20)
                .forEach(_ -> {
                    backstage.hear(heartbeat("base-1"));
                    backstage.work();
                    backstage.pass(Duration.ofMillis(700));
                });

        assertThat(backstage.alarms()).isEqualTo(1);
    }

    @Test
    void aBaseWhoseHeartbeatsDiedForEverIsAskedAndComesBackWhenItAnswers() {
        silentBaseIsDeleted();
        int before = backstage.tunnel.sent().size();

        backstage.pass(Duration.ofSeconds(31));
        assertThat(backstage.tunnel.sent().stream().skip(before))
                .singleElement()
                .matches(m -> m.command() instanceof Command.QueryHealth)
                .matches(m -> m.base().equals(new BaseId("base-1")));
        backstage.hear(healthOf("base-1"));

        assertThat(only().name()).isEqualTo(NODE);
        backstage.work();
        assertThat(only().snapshot().leased()).isTrue();
    }

    @Test
    void aBaseThatDoesNotAnswerIsAskedEverMoreRarelyAndForADay() {
        silentBaseIsDeleted();
        int before = backstage.tunnel.sent().size();

        passInSteps(Duration.ofHours(1));
        assertThat(backstage.tunnel.sent().size() - before).isBetween(8, 14);
        passInSteps(Duration.ofHours(24));
        assertThat(backstage.alarms()).isZero();
        backstage.hear(healthOf("base-1"));
        assertThat(fleet.running()).isEmpty();
        assertThat(backstage.dropped("unknown-base")).isEqualTo(1);
    }

    @Test
    void aBaseThatIsKnownToBeNoMoreIsNotAsked() {
        backstage.kube = FleetTest::deleting;
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        backstage.work();
        backstage.hear(new TunnelEvent.BaseGone(new BaseId("base-1")));
        backstage.work();

        assertThat(fleet.running()).isEmpty();
        assertThat(backstage.alarms()).isZero();
    }

    private void silentBaseIsDeleted() {
        backstage.kube = FleetTest::deleting;
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        backstage.work();
        for (int i = 0; i < 400 && !fleet.running().isEmpty(); i++) {
            backstage.pass(Duration.ofSeconds(1));
        }
        assertThat(fleet.running()).as("silent for 5 min").isEmpty();
    }

    private void passInSteps(Duration time) {
        for (long s = 0; s < time.toSeconds(); s += 5) {
            backstage.pass(Duration.ofSeconds(5));
        }
    }

    private static Outcome deleting(NodeName node, Effect effect) {
        return switch (effect) {
            case Effect.DeleteNode _, Effect.DeleteLease _, Effect.ExpireRecord _ ->
                    new Outcome.Done();
            default -> Backstage.freshCluster(node, effect);
        };
    }

    private static TunnelEvent healthOf(String identity) {
        return new TunnelEvent.HealthReported(
                new BaseId(identity),
                new BaseHealth(
                        "ACTIVATED",
                        Optional.empty(),
                        Optional.of(Duration.ofHours(1)),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        OptionalLong.empty(),
                        Optional.empty()));
    }

    @Test
    void afterTheStopNothingIsDone() {
        backstage.hear(LINK_UP);
        backstage.hear(heartbeat("base-1"));
        fleet.stop();
        backstage.work();
        backstage.pass(Duration.ofMinutes(1));

        assertThat(backstage.run).isEmpty();
        assertThat(backstage.tunnel.sent()).isEmpty();
    }

    private RunningNode only() {
        assertThat(fleet.running()).hasSize(1);
        return fleet.running().iterator().next();
    }

    private static int depthAfterOneHeartbeat() {
        Backstage other = new Backstage();
        other.hear(heartbeat("a:b"));
        return other.fleet.running().iterator().next().depth();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
