package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodOwner;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import io.koupleless.controller.workload.Workload;
import io.koupleless.controller.workload.Workloads;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The readiness gate of the Pod that a base runs in. */
class RolloutGateTest {
    private final RolloutGate gate =
            new RolloutGate(
                    new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults()),
                    At.seconds(0));
    private final List<Workload> expected = new ArrayList<>();
    private final List<ModulePod> pods = new ArrayList<>();
    private boolean nodeReady = true;

    private static PodOfBase basePod(String name, boolean terminating, boolean open) {
        return new PodOfBase(
                new PodRef("default", name, "uid of " + name),
                "10.0.0.1",
                name,
                terminating,
                true,
                open);
    }

    private static ModulePod modulePod(String name, boolean ready) {
        return pod(name, true, ready);
    }

    private static ModulePod pod(String name, boolean labelled, boolean ready) {
        PodStatus status =
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "",
                        "",
                        Optional.empty(),
                        List.of(new PodCondition(PodCondition.READY, ready, "", "", At.WALL)),
                        List.of());
        return new ModulePod(
                new PodRef("default", name, "uid of " + name),
                "vnode.b.test",
                labelled,
                "1",
                At.WALL,
                0,
                false,
                "abc",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(),
                new PodTerms(
                        Optional.of(new PodOwner("apps/v1", "ReplicaSet", "shop-abc", "rs")),
                        Optional.empty(),
                        List.of()),
                status,
                Optional.empty());
    }

    private boolean sees(PodOfBase... candidates) {
        return gate.seen(List.of(candidates), "10.0.0.1", "base-1");
    }

    /** What is written, which succeeds. */
    private Optional<Effect.PatchBasePod> writes(double at) {
        Outbox out = new Outbox();
        gate.reconcile(nodeReady, expected, pods, out, At.seconds(at));
        Optional<Effect.PatchBasePod> patch =
                out.effects().stream().map(Effect.PatchBasePod.class::cast).findFirst();
        patch.ifPresent(p -> gate.written(p, new Outcome.Written("2"), At.seconds(at)));
        return patch;
    }

    private void staysShut(double at, String reason) {
        assertThat(writes(at))
                .hasValueSatisfying(patch -> {
                    assertThat(patch.open()).isFalse();
                    assertThat(patch.reason()).isEqualTo(reason);
                });
        assertThat(writes(at)).as("said once").isEmpty();
    }

    private void opens(double at) {
        assertThat(writes(at)).hasValueSatisfying(patch -> assertThat(patch.open()).isTrue());
        assertThat(writes(at)).as("said once").isEmpty();
    }

    @Test
    void opensOnceTheNodeHasBeenReadyForTheDelay() {
        sees(basePod("base-1", false, false));
        staysShut(0, "WaitingForPods");
        assertThat(writes(4.9)).isEmpty();

        opens(5);
    }

    /** It was heard on the other tunnel first, whose word about the address does not count yet. */
    @Test
    void aPodThatWasToldOfBeforeTheBaseSaidWhereItIsIsFound() {
        gate.seen(List.of(basePod("base-1", false, false)), "10.0.0.9", "base-1");
        assertThat(gate.pod()).isEmpty();

        gate.located("10.0.0.1", "base-1");

        assertThat(gate.pod()).isPresent();
        staysShut(0, "WaitingForPods");
        opens(5);
    }

    @Test
    void aBaseThatSaysAgainWhereItIsKeepsItsPodAsItStands() {
        sees(basePod("base-1", false, false));
        staysShut(0, "WaitingForPods");
        opens(5);

        gate.located("10.0.0.1", "base-1");
        gate.located("10.0.0.2", "base-1");

        assertThat(gate.pod()).hasValueSatisfying(pod -> assertThat(pod.open()).isTrue());
    }

    @Test
    void waitsForThePodsOfWorkloadsAndForThemToBeReady() {
        sees(basePod("base-1", false, false));
        expected.add(Workloads.peer("shop", 1, "1", "c"));
        staysShut(0, "WaitingForPods");
        assertThat(writes(6))
                .hasValueSatisfying(p -> assertThat(p.message()).contains("default/shop"));

        pods.add(modulePod("shop-abc-1", false));
        staysShut(7, "ModulesNotReady");

        pods.set(0, modulePod("shop-abc-1", true));
        opens(8);
    }

    /** As of a DaemonSet of the cluster that tolerates every taint. */
    @Test
    void aPodThatIsNoModulesHoldsNothingUp() {
        sees(basePod("base-1", false, false));
        staysShut(0, "WaitingForPods");
        pods.add(pod("kube-proxy-1", false, false));

        opens(6);
    }

    @Test
    void modulesThatGetReadyOneAfterTheOtherAreNotEachWorthAWrite() {
        sees(basePod("base-1", false, false));
        writes(0);
        pods.add(modulePod("shop-abc-1", false));
        pods.add(modulePod("shop-abc-2", false));
        staysShut(6, "ModulesNotReady");

        pods.removeFirst();
        assertThat(writes(6.5)).isEmpty();
        pods.clear();

        opens(6.6);
    }

    @Test
    void anotherPodAtTheSameAddressIsNotOpenedByWhatTheOneBeforeItHad() {
        sees(basePod("base-1", false, false));
        writes(0);
        opens(5);

        sees(basePod("base-2", false, false));

        staysShut(6, "WaitingForPods");
        opens(11);
    }

    @Test
    void onceOpenItStaysSoWhateverBecomesOfTheModules() {
        sees(basePod("base-1", false, false));
        writes(0);
        opens(5);
        pods.add(modulePod("shop-abc-1", false));
        nodeReady = false;

        assertThat(writes(20)).isEmpty();
    }

    @Test
    void anotherProcessOfTheBaseShutsIt() {
        sees(basePod("base-1", false, false));
        writes(0);
        opens(5);

        gate.baseRestarted();

        staysShut(6, "WaitingForPods");
        opens(11);
    }

    @Test
    void whatAnEarlierProcessOfOursOpenedStaysOpen() {
        sees(basePod("base-1", false, true));
        pods.add(modulePod("shop-abc-1", false));

        assertThat(writes(0)).isEmpty();
        assertThat(writes(60)).isEmpty();
    }

    @Test
    void whoeverShutsItIsCorrected() {
        sees(basePod("base-1", false, false));
        writes(0);
        opens(5);
        sees(basePod("base-1", false, false));

        opens(6);
    }

    @Test
    void aWriteThatFailedIsTriedAgain() {
        sees(basePod("base-1", false, false));
        Outbox out = new Outbox();
        gate.reconcile(true, expected, pods, out, At.seconds(0));
        gate.written(
                (Effect.PatchBasePod) out.effects().getFirst(),
                new Outcome.Failed(""),
                At.seconds(0));

        assertThat(writes(0.5)).isEmpty();
        assertThat(writes(1)).isPresent();
    }

    @Test
    void aPodWithoutTheGateIsLeftAlone() {
        PodOfBase declared = basePod("base-1", false, false);
        sees(
                new PodOfBase(
                        declared.ref(), declared.ip(), declared.hostName(), false, false, false));

        assertThat(writes(60)).isEmpty();
    }

    @Test
    void ofSeveralPodsAtOneIpTheHostNameTells() {
        sees(basePod("base-2", false, false), basePod("base-1", false, false));
        assertThat(gate.pod().map(p -> p.ref().name())).contains("base-1");

        sees(basePod("base-2", false, false), basePod("base-3", false, false));
        assertThat(gate.pod()).isEmpty();
    }

    @Test
    void tellsWhenThePodOfTheBaseIsGone() {
        assertThat(sees(basePod("base-1", false, true))).isFalse();
        assertThat(sees()).as("its label may be gone only").isFalse();
        assertThat(sees(basePod("base-1", true, true))).isFalse();
        assertThat(writes(60)).as("it terminates").isEmpty();

        assertThat(sees()).isTrue();
    }
}
