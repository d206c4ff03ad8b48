package io.koupleless.controller.peers;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;
import io.koupleless.controller.workload.Workloads;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The controller that holds the Lease of peers; time and what it hears are the test's. */
class PeersTest {
    private static final Instant WALL = Instant.parse("2026-03-01T08:00:00Z");
    private static final VNodeSettings CONTROLLER =
            new VNodeSettings(
                    "me", "test", VNodeSettings.Times.defaults(), VNodeSettings.Limits.defaults());

    private final List<PeerEffect> told = new ArrayList<>();
    private final List<Integer> scaled = new ArrayList<>();
    private Outcome leaseAnswer = new Outcome.Written("1");
    private Outcome answer = new Outcome.Written("100");
    private final List<String> holders = new ArrayList<>();
    private double clock;
    private boolean leaseIsFree = true;
    private Peers peers = new Peers(PeerSettings.defaults(), CONTROLLER, at(0));

    private static Moment at(double seconds) {
        long nanos = (long) (seconds * 1e9);
        return new Moment(nanos + 77, WALL.plusNanos(nanos));
    }

    @BeforeEach
    void started() {
        hear(new PeerFact.Woken());
    }

    /** All that follows from these facts, effects and their ends included. */
    private void hear(PeerFact... facts) {
        List<PeerFact> next = List.of(facts);
        while (!next.isEmpty()) {
            List<PeerFact> ends = new ArrayList<>();
            for (PeerEffect effect : peers.on(next, at(clock)).effects()) {
                ends.add(new PeerFact.Finished(effect, outcome(effect)));
            }
            next = ends;
        }
    }

    private Outcome outcome(PeerEffect effect) {
        return switch (effect) {
            case PeerEffect.OnLease(Effect.ReadLease()) ->
                    new Outcome.LeaseRead(
                            leaseIsFree
                                    ? Optional.empty()
                                    : Optional.of(
                                            new ObservedLease(
                                                    "1",
                                                    "another",
                                                    Optional.of(WALL),
                                                    Duration.ofSeconds(40),
                                                    0)));
            case PeerEffect.OnLease(Effect.WriteLease(var write)) -> {
                holders.add(write.holder());
                yield leaseAnswer;
            }
            case PeerEffect.OnLease other -> throw new AssertionError(other);
            case PeerEffect.Scale scale -> {
                scaled.add(scale.replicas());
                yield answer;
            }
            case PeerEffect.Tell tell -> {
                told.add(tell);
                yield new Outcome.Done();
            }
        };
    }

    private void passes(double seconds) {
        for (double end = clock + seconds; clock < end; ) {
            clock = Math.min(end, clock + 5);
            hear(new PeerFact.Woken());
        }
    }

    private void allSynced() {
        for (PeerFact.Watch watch : PeerFact.Watch.values()) {
            hear(new PeerFact.Synced(watch));
        }
    }

    private static PeerFact node(String name, boolean ready, Taint... taints) {
        return new PeerFact.NodeSeen(observed(name, ready, false, taints));
    }

    private static PeerFact cordoned(String name) {
        return new PeerFact.NodeSeen(observed(name, true, true));
    }

    private static ObservedNode observed(
            String name, boolean ready, boolean cordoned, Taint... taints) {
        return observed(name, "c", ready, cordoned, taints);
    }

    private static ObservedNode observed(
            String name, String cluster, boolean ready, boolean cordoned, Taint... taints) {
        NodeCondition condition =
                new NodeCondition(NodeCondition.READY, ready ? "True" : "False", "", "", WALL);
        return new ObservedNode(
                name,
                name,
                "1",
                Map.of("cluster", cluster),
                Map.of(),
                List.of(taints),
                new NodeStatus(List.of(condition), Map.of(), Map.of(), ""),
                cordoned);
    }

    private static PeerFact deployment(int replicas, String version) {
        return new PeerFact.WorkloadSeen(Workloads.peer("shop", replicas, version, "c"));
    }

    private static PeerFact podOn(String node) {
        return podOn(node, "abc", 0);
    }

    private static PeerFact podOn(String node, String revision, int after) {
        return new PeerFact.PodSeen(
                new ModulePod(
                        new PodRef(
                                "default",
                                "shop-" + revision + "-" + node,
                                "pod " + revision + " on " + node),
                        node,
                        true,
                        "1",
                        WALL.plusSeconds(after),
                        0,
                        false,
                        revision,
                        ModulePod.RestartPolicy.ALWAYS,
                        List.of(),
                        List.of(),
                        new PodTerms(
                                Optional.of(
                                        new PodOwner(
                                                "apps/v1", "ReplicaSet", "shop-" + revision, "rs")),
                                Optional.empty(),
                                List.of()),
                        PodStatus.NONE,
                        Optional.empty()));
    }

    private static PeerFact podGone(String node) {
        return new PeerFact.PodUnseen(
                node, new PodRef("default", "shop-abc-" + node, "pod abc on " + node));
    }

    private List<String> reasons() {
        return told.stream().map(e -> ((PeerEffect.Tell) e).reason()).toList();
    }

    @Test
    void oneReplicaForEachReadyBaseThatMatches() {
        hear(deployment(0, "1"), node("a", true), node("b", true), node("c", false));

        assertThat(scaled).containsExactly(2);
        assertThat(reasons()).containsExactly("PeerReplicasChanged");
        assertThat(((PeerEffect.Tell) told.getFirst()).message()).contains("0 → 2");
    }

    @Test
    void scalingUpWaitsForNothing() {
        hear(deployment(0, "1"), node("a", true));

        assertThat(scaled).as("unsynced, and started just now").containsExactly(1);
    }

    @Test
    void theSameNumberIsWrittenOnce() {
        hear(deployment(0, "1"), node("a", true));
        passes(30);
        hear(node("a", true), deployment(0, "1"));

        assertThat(scaled).as("what is older than our write is no news").containsExactly(1);
    }

    @Test
    void nothingIsScaledDownBeforeAllIsKnown() {
        passes(400);
        hear(deployment(3, "1"));
        hear(new PeerFact.Synced(PeerFact.Watch.WORKLOADS));
        hear(new PeerFact.Synced(PeerFact.Watch.NODES));
        assertThat(scaled).isEmpty();

        hear(new PeerFact.Synced(PeerFact.Watch.PODS));

        assertThat(scaled).containsExactly(0);
    }

    @Test
    void nothingIsScaledDownWithinFiveMinutesOfTheStart() {
        allSynced();
        hear(deployment(3, "1"), node("a", true));
        passes(299);
        assertThat(scaled).isEmpty();
        assertThat(reasons()).as("told once").containsExactly("PeerScaleDownHeld");

        passes(2);

        assertThat(scaled).containsExactly(1);
    }

    @Test
    void aBaseThatIsNotReadyForAMomentStillCounts() {
        settled("a", "b", "c");
        hear(node("c", false));
        passes(59);
        assertThat(scaled).isEmpty();

        passes(2);

        assertThat(scaled).containsExactly(2);
    }

    /** Else the ReplicaSet, with one Pod too many, could end that of another base. */
    @Test
    void aBaseCountsAsLongAsItsPodIsThereThoughItIsAwayForLong() {
        settled("a", "b", "c", "d");
        hear(podOn("a"), podOn("b"), podOn("c"), podOn("d"));
        hear(node("b", false));
        passes(240);
        hear(node("c", false));
        passes(50);
        assertThat(scaled).isEmpty();

        hear(podGone("b"));

        assertThat(scaled).as("evicted").containsExactly(3);
    }

    @Test
    void aBaseThatIsNoLongerSelectedCountsAsLongAsItsPodIsThere() {
        settled("a", "b", "c");
        hear(podOn("a"), podOn("b"), podOn("c"));
        hear(new PeerFact.NodeSeen(observed("c", "another", true, false)));
        assertThat(scaled).isEmpty();

        hear(podGone("c"));

        assertThat(scaled).containsExactly(2);
    }

    /** The rolling update to a template that selects less waits for nobody then. */
    @Test
    void whereOnlyAnEarlierTemplateCouldGoNobodyCounts() {
        settled("a", "b", "c");
        hear(podOn("a"), podOn("b"), podOn("c"));
        hear(new PeerFact.NodeSeen(observed("c", "another", true, false)));

        hear(podOn("a", "def", 60));

        assertThat(scaled).containsExactly(2);
    }

    @Test
    void aTemplateThatFitsNowhereEndsNoPodOfAnEarlierOne() {
        settled("a", "b");
        hear(podOn("a"), podOn("b"));

        hear(new PeerFact.WorkloadSeen(Workloads.peer("shop", 2, "300", "nowhere")));
        passes(400);

        assertThat(scaled).isEmpty();
    }

    @Test
    void aBaseThatComesBackInTimeChangesNothing() {
        settled("a", "b", "c");
        hear(node("c", false));
        passes(50);
        hear(node("c", true));
        passes(120);

        assertThat(scaled).isEmpty();
    }

    /** As kube-controller-manager taints it, which a Deployment's template never tolerates. */
    @Test
    void theTaintOfANodeThatIsNotReadyTakesNoMomentOff() {
        Taint notReady = new Taint("node.kubernetes.io/not-ready", "", Taint.NO_EXECUTE);
        settled("a", "b", "c");
        hear(podOn("c"), node("c", false, notReady));
        passes(59);

        assertThat(scaled).isEmpty();
    }

    @Test
    void nodeObjectsThatSomebodyDeletedAllAtOnceEndNoPod() {
        settled("a", "b", "c");
        hear(podOn("a"), podOn("b"), podOn("c"));
        for (String name : List.of("a", "b", "c")) {
            hear(new PeerFact.NodeUnseen(name));
        }
        passes(10);
        assertThat(scaled).isEmpty();

        hear(node("a", true), node("b", true), node("c", true));
        passes(120);

        assertThat(scaled).isEmpty();
    }

    @Test
    void manyThatGoAtOnceAreGoneForGoodOnlyAfterTheGrace() {
        settled("a", "b", "c");
        hear(new PeerFact.NodeUnseen("a"), new PeerFact.NodeUnseen("b"));
        passes(59);
        assertThat(scaled).isEmpty();
        assertThat(reasons()).containsExactly("PeerScaleDownHeld");

        passes(70);

        assertThat(scaled).containsExactly(1);
    }

    @Test
    void aBaseThatIsGoneCountsNoLonger() {
        settled("a", "b", "c");

        hear(new PeerFact.NodeUnseen("c"));

        assertThat(scaled).containsExactly(2);
    }

    @Test
    void whenManyAreNotReadyAtOnceNothingIsScaledDown() {
        settled("a", "b", "c");
        hear(node("b", false), node("c", false));
        passes(120);
        assertThat(scaled).isEmpty();
        assertThat(reasons()).containsExactly("PeerScaleDownHeld");
        assertThat(((PeerEffect.Tell) told.getFirst()).message()).contains("55 %");

        hear(node("b", true));
        passes(59);
        assertThat(scaled).as("the others may follow").isEmpty();

        passes(2);

        assertThat(scaled).as("one of three is no more than the brake allows").containsExactly(2);
    }

    /** Our view of the Nodes is of the time before. */
    @Test
    void nothingIsScaledDownWithinAMinuteOfAnApiServerThatDidNotAnswer() {
        settled("a", "b");
        leaseAnswer = new Outcome.Failed("timed out");
        passes(20);
        leaseAnswer = new Outcome.Written("2");
        passes(20);
        hear(new PeerFact.NodeUnseen("b"));
        assertThat(scaled).isEmpty();
        assertThat(reasons()).containsExactly("PeerScaleDownHeld");

        passes(60);

        assertThat(scaled).containsExactly(1);
    }

    @Test
    void theBrakeHoldsUpNoScalingUp() {
        settled("a", "b", "c");
        hear(node("b", false), node("c", false), node("d", true), node("e", true));

        assertThat(scaled).containsExactly(5);
    }

    @Test
    void aCordonOrAHangingBaseEndsNoPod() {
        settled("a", "b");
        hear(podOn("a"), podOn("b"));

        hear(cordoned("a"), node("b", true, new Taint("hangs", "", Taint.NO_SCHEDULE)));

        assertThat(scaled).isEmpty();
    }

    @Test
    void aCordonedBaseCountsNoLongerOnceItsPodIsDrained() {
        settled("a", "b");
        hear(podOn("a"), podOn("b"));
        hear(cordoned("a"));

        hear(podGone("a"));

        assertThat(scaled).containsExactly(1);
    }

    @Test
    void aPodOfAnotherDeploymentIsNoReasonToCount() {
        settled("a", "b");
        PeerFact.PodSeen ours = (PeerFact.PodSeen) podOn("a");
        Workload another = Workloads.peer("sho", 1, "1", "c");

        assertThat(Workloads.peer("shop", 1, "1", "c").made(ours.pod())).isTrue();
        assertThat(another.made(ours.pod())).isFalse();
    }

    @Test
    void whatAnAutoscalerScalesIsLeftAlone() {
        settled("a", "b");
        Autoscaler autoscaler = new Autoscaler("default", "shop-hpa", "shop");
        hear(new PeerFact.AutoscalerSeen(autoscaler));
        hear(deployment(7, "200"));
        assertThat(scaled).isEmpty();
        assertThat(reasons()).containsExactly("PeerReplicasLeftAlone");

        answer = new Outcome.Written("201");
        hear(new PeerFact.AutoscalerUnseen(autoscaler));

        assertThat(scaled).containsExactly(2);
    }

    @Test
    void onlyTheHolderOfTheLeaseWrites() {
        leaseIsFree = false;
        peers = new Peers(PeerSettings.defaults(), CONTROLLER, at(0));
        hear(deployment(0, "1"), node("a", true));
        passes(39);
        assertThat(scaled).isEmpty();

        passes(2);

        assertThat(scaled).as("it was not renewed for its whole duration").containsExactly(1);
    }

    @Test
    void whoStopsGivesTheLeaseBackAndWritesNothingMore() {
        settled("a", "b");
        assertThat(holders).containsOnly("me");

        hear(new PeerFact.Stopping());
        hear(node("c", true));
        passes(60);

        assertThat(holders).endsWith("me", "").containsOnlyOnce("");
        assertThat(scaled).isEmpty();
        assertThat(peers.on(List.of(), at(clock)).over()).isTrue();
    }

    /** Whoever has the Lease next must not meet our last write. */
    @Test
    void theNumberOnItsWayArrivesBeforeTheLeaseIsGivenBack() {
        PeerEffect scale =
                peers.on(List.of(deployment(0, "1"), node("a", true)), at(1)).effects().getFirst();

        Peers.Step stopping = peers.on(List.of(new PeerFact.Stopping()), at(1));
        assertThat(stopping.effects()).isEmpty();
        assertThat(stopping.over()).isFalse();

        hear(new PeerFact.Finished(scale, new Outcome.Written("2")));

        assertThat(holders).endsWith("");
    }

    @Test
    void whoDoesNotHoldTheLeaseStopsAtOnce() {
        leaseIsFree = false;
        peers = new Peers(PeerSettings.defaults(), CONTROLLER, at(0));
        hear(new PeerFact.Woken());
        holders.clear();

        assertThat(peers.on(List.of(new PeerFact.Stopping()), at(1)).over()).isTrue();
        assertThat(holders).isEmpty();
    }

    @Test
    void anApiServerThatIsAwayHoldsUpNoStop() {
        leaseAnswer = new Outcome.Failed("timed out");

        hear(new PeerFact.Stopping());

        assertThat(holders).endsWith("");
        assertThat(peers.on(List.of(), at(clock)).over()).isTrue();
    }

    @Test
    void whoeverElseSetsTheNumberDoesNotKeepUsBusy() {
        hear(deployment(0, "1"), node("a", true));
        for (int version = 101; version < 120; version++) {
            answer = new Outcome.Written(Integer.toString(2 * version + 1));
            hear(deployment(0, Integer.toString(2 * version)));
        }
        assertThat(scaled).containsExactly(1);
    }

    @Test
    void aWriteThatFailedIsTriedAgain() {
        answer = new Outcome.Conflict();
        hear(deployment(0, "1"), node("a", true));
        assertThat(scaled).containsExactly(1);

        answer = new Outcome.Written("100");
        passes(5);
        passes(5);

        assertThat(scaled).containsExactly(1, 1);
    }

    /** Long after the start, with as many replicas as bases. */
    private void settled(String... bases) {
        allSynced();
        for (String base : bases) {
            hear(node(base, true));
        }
        hear(deployment(bases.length, "1"));
        passes(301);
        assertThat(scaled).isEmpty();
    }
}
