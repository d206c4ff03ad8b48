package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.koupleless.controller.pod.Target;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.tunnel.Command;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Probes and hooks of one module through whole steps of its virtual node. */
class ProbesTest {
    private static final VNodeSettings.Probing PROBING = VNodeSettings.Probing.defaults();
    private static final CheckResult GOOD = new CheckResult.Good("");
    private static final CheckResult BAD =
            new CheckResult.Bad(
                    "HTTP probe failed with statuscode: 503", CheckResult.Speaker.PROCESS);
    private static final CheckResult REFUSED =
            new CheckResult.Bad("connection refused", CheckResult.Speaker.MACHINE);
    private static final CheckResult UNHEARD =
            new CheckResult.Bad("timeout", CheckResult.Speaker.NOBODY);

    private static Map<ProbeKind, Probe> probes(ProbeKind... kinds) {
        Map<ProbeKind, Probe> probes = new EnumMap<>(ProbeKind.class);
        for (ProbeKind kind : kinds) {
            // Each knocks at a port of its own, so that tests can tell them apart.
            probes.put(kind, probe(8080 + kind.ordinal()));
        }
        return probes;
    }

    private static Probe probe(int port) {
        return new Probe(
                new Check.HttpGet(false, "", new Check.PortNumber(port), "healthz", List.of()),
                Duration.ZERO,
                Duration.ofSeconds(2),
                Duration.ofSeconds(1),
                1,
                3,
                Duration.ofSeconds(30));
    }

    private static ProbedNode node(boolean started, boolean ready, ProbeKind... kinds) {
        return new ProbedNode(
                PROBING, ProbedNode.pod(probes(kinds), Optional.empty(), started, ready));
    }

    private static ProbedNode hooked(PreStop hook) {
        return new ProbedNode(PROBING, ProbedNode.pod(Map.of(), Optional.of(hook), true, true));
    }

    private static List<Integer> ports(ProbedNode node) {
        return node.pending(Effect.Probe.class).stream().map(p -> p.target().port()).toList();
    }

    @Test
    void aRestartOfOursFlipsNothingUntilTheThresholdIsReached() {
        ProbedNode node = node(true, true, ProbeKind.READINESS);
        node.pass(2.1);
        assertThat(node.pending(Effect.PatchPodStatus.class)).isEmpty();
        assertThat(node.ready()).isTrue();
        assertThat(node.pending(Effect.Probe.class))
                .extracting(Effect.Probe::target)
                .containsExactly(
                        new Target.Http(false, "10.0.0.7", 8081, "/biz1/healthz", List.of()));

        node.probesEnd(BAD, 2, 2.1);
        assertThat(node.ready()).isTrue();
        node.probesEnd(BAD, 1, 2.1);
        assertThat(node.ready()).isFalse();
        assertThat(node.container().started()).isTrue();
        assertThat(node.container().ready()).isFalse();
        assertThat(node.container().state()).isInstanceOf(ContainerState.Running.class);
        assertThat(node.commands()).isEmpty();
        assertThat(node.events(Reason.UNHEALTHY))
                .containsExactly(
                        "container biz1: Readiness probe failed: HTTP probe failed with statuscode:"
                                + " 503");

        node.probesEnd(GOOD, 1, 2.1);
        assertThat(node.ready()).isTrue();
    }

    @Test
    void resultsThatChangeNothingLeadToNothingButTheNextProbe() {
        ProbedNode node = node(true, true, ProbeKind.READINESS);
        node.pass(2.1);
        node.history.clear();
        node.probesEnd(GOOD, 4, 2.1);
        assertThat(node.history)
                .noneMatch(Effect.PatchPodStatus.class::isInstance)
                .noneMatch(Effect.Tell.class::isInstance);
        assertThat(node.history.stream().filter(Effect.Probe.class::isInstance))
                .hasSizeBetween(3, 4);
    }

    @Test
    void theStartupProbeKeepsTheOthersBack() {
        ProbedNode node =
                node(false, false, ProbeKind.STARTUP, ProbeKind.READINESS, ProbeKind.LIVENESS);
        node.pass(2.1);
        assertThat(ports(node)).containsExactly(8080);
        node.probesEnd(BAD, 2, 2.1);
        assertThat(node.container().started()).isFalse();

        node.pass(2.1);
        node.probesEnd(GOOD);
        assertThat(node.container().started()).isTrue();
        assertThat(node.ready()).isFalse();
        assertThat(ports(node)).containsExactlyInAnyOrder(8081, 8082);
        node.probesEnd(GOOD);
        assertThat(node.ready()).isTrue();
        node.pass(2.1);
        assertThat(ports(node)).as("it has done its work").doesNotContain(8080);
    }

    @Test
    void aLivenessFailureReloadsTheModuleAndCountsARestart() {
        ProbedNode node = node(true, true, ProbeKind.LIVENESS);
        node.pass(2.1);
        node.probesEnd(BAD, 3, 2.1);

        assertThat(recorded(node)).isEqualTo(EntryState.RELOADING);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
        assertThat(node.ready()).isFalse();
        assertThat(node.container().state())
                .isEqualTo(
                        new ContainerState.Waiting(
                                Reason.LIVENESS_FAILED,
                                "Liveness probe failed: HTTP probe failed with statuscode: 503"));
        node.answersCommand();
        node.pass(2);
        assertThat(node.commands()).hasOnlyElementsOfType(Command.Install.class).hasSize(1);
        node.answersCommand();
        node.pass(1);

        assertThat(node.ready()).isTrue();
        assertThat(node.container().restartCount()).isEqualTo(1);
        assertThat(node.container().lastState())
                .isInstanceOfSatisfying(
                        ContainerState.Terminated.class,
                        ended -> assertThat(ended.reason()).isEqualTo(Reason.LIVENESS_FAILED));
        assertThat(node.events(Reason.LIVENESS_FAILED)).hasSize(1);
        assertThat(node.history).contains(new Effect.Count(FailureCode.LIVENESS));
    }

    @Test
    void theSecondLivenessFailureWaitsBeforeTheInstall() {
        ProbedNode node = node(true, true, ProbeKind.LIVENESS);
        node.pass(2.1);
        node.probesEnd(BAD, 3, 2.1);
        node.answersCommand();
        node.pass(2);
        node.answersCommand();
        node.probesEnd(BAD, 3, 2.1);
        node.answersCommand();
        node.pass(3);
        assertThat(node.commands()).isEmpty();
        assertThat(node.container().state())
                .isInstanceOfSatisfying(
                        ContainerState.Waiting.class,
                        waiting -> assertThat(waiting.message()).startsWith("back-off 10s: "));
        assertThat(node.container().restartCount()).isEqualTo(1);

        node.pass(10);
        assertThat(node.commands()).hasOnlyElementsOfType(Command.Install.class).hasSize(1);
        assertThat(node.container().restartCount()).isEqualTo(2);
    }

    @Test
    void aStartupFailureReloadsTheModuleToo() {
        ProbedNode node = node(false, false, ProbeKind.STARTUP);
        node.pass(2.1);
        node.probesEnd(BAD, 3, 2.1);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
        assertThat(node.events(Reason.STARTUP_FAILED)).hasSize(1);
        assertThat(node.history).contains(new Effect.Count(FailureCode.STARTUP));
    }

    @Test
    void aFailureOfOurOwnNetworkCountsOnlyOnceTheBaseIsHeard() {
        ProbedNode node = node(true, true, ProbeKind.READINESS);
        node.pass(2.1);
        node.answers = false;
        node.probesEnd(UNHEARD, 6, 2.1);
        assertThat(node.ready()).as("nobody was heard meanwhile").isTrue();

        node.pass(40);
        node.probesEnd(UNHEARD);
        assertThat(node.status().condition("Ready").orElseThrow().reason())
                .as("its Node is silent")
                .isEqualTo(Reason.NODE_NOT_READY);
        assertThat(node.container().ready()).isTrue();
        assertThat(node.pending(Effect.Probe.class)).isEmpty();

        node.answers = true;
        node.pass(10);
        assertThat(node.ready()).as("what was said before stands").isTrue();
        node.pass(3);
        node.probesEnd(UNHEARD, 3, 2.1);
        node.pass(1);
        assertThat(node.ready()).as("it answers questions, so the module is to blame").isFalse();
    }

    @Test
    void aBaseThatIsGoneIsSilentThoughEachOfItsProbesAsksForItsHealth() {
        ProbedNode node = node(true, true, ProbeKind.READINESS);
        node.pass(2.1);
        node.answers = false;

        for (int i = 0; i < 20; i++) {
            node.pass(2);
            node.pending(Effect.Send.class)
                    .forEach(question -> node.finished(question, new Outcome.NotSent("refused")));
            node.pending(Effect.Probe.class)
                    .forEach(probe -> node.finished(probe, new Outcome.Checked(UNHEARD)));
        }
        node.pass(1);

        assertThat(node.status().condition("Ready").orElseThrow().reason())
                .isEqualTo(Reason.NODE_NOT_READY);
    }

    @Test
    void whereNobodyListensReadinessFailsAtOnceAndAReloadWaitsForTheBasesWord() {
        ProbedNode node = node(true, true, ProbeKind.READINESS, ProbeKind.LIVENESS);
        node.pass(2.1);
        node.answers = false;
        node.probesEnd(REFUSED, 4, 2.1);
        assertThat(node.container().ready()).isFalse();
        node.pass(60);
        assertThat(node.commands()).as("its process may be dead").isEmpty();
        assertThat(node.events(Reason.LIVENESS_FAILED)).isEmpty();
    }

    @Test
    void aResultOfAnEarlierRunCountsForNothing() {
        ProbedNode node = node(true, true, ProbeKind.LIVENESS);
        node.pass(2.1);
        node.probesEnd(BAD, 2, 2.1);
        node.pass(2.1);
        Effect.Probe late = node.pending(Effect.Probe.class).getFirst();
        node.listed = false;
        node.pass(30);
        node.finished(late, new Outcome.Checked(BAD));
        assertThat(node.commands()).allMatch(Command.Install.class::isInstance);
        assertThat(node.events(Reason.LIVENESS_FAILED)).isEmpty();
    }

    @Test
    void onlySoManyProbesAreUnderWayOnOneBase() {
        ProbedNode node =
                new ProbedNode(
                        new VNodeSettings.Probing(256, 1, 0, false),
                        ProbedNode.pod(
                                probes(ProbeKind.READINESS, ProbeKind.LIVENESS),
                                Optional.empty(),
                                true,
                                true));
        node.pass(5);
        assertThat(ports(node)).hasSize(1);
        int first = ports(node).getFirst();
        node.probesEnd(GOOD);
        node.pass(0.1);
        assertThat(ports(node)).hasSize(1).doesNotContain(first);
    }

    @Test
    void aProbeThatCannotBeRunOnThisBaseIsToldOfAndLeavesAnInstalledModuleAlone() {
        Probe nowhere =
                new Probe(
                        new Check.TcpSocket("", new Check.PortOfBase("web")),
                        Duration.ZERO,
                        Duration.ofSeconds(2),
                        Duration.ofSeconds(1),
                        1,
                        3,
                        Duration.ofSeconds(30));
        ProbedNode node =
                new ProbedNode(
                        PROBING,
                        ProbedNode.pod(
                                Map.of(ProbeKind.LIVENESS, nowhere), Optional.empty(), true, true));
        node.pass(10);
        assertThat(node.ready()).isTrue();
        assertThat(node.commands()).isEmpty();
        assertThat(node.events(Reason.PROBE_ERROR)).hasSize(1);
    }

    @Test
    void theHookOfATerminatingPodEndsBeforeItsModuleIsUninstalled() {
        ProbedNode node = hooked(new PreStop.Sleep(Duration.ofSeconds(2)));
        node.sees(node.deleted(Duration.ZERO, Duration.ofSeconds(30)));
        node.pass(1.9);
        assertThat(node.commands()).isEmpty();
        assertThat(node.pending(Effect.DeletePod.class)).isEmpty();
        assertThat(node.ready()).isTrue();

        node.pass(0.2);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
    }

    @Test
    void theGraceOfItsPodBoundsAHook() {
        ProbedNode node = hooked(new PreStop.Sleep(Duration.ofSeconds(60)));
        node.sees(node.deleted(Duration.ZERO, Duration.ofSeconds(30)));
        node.pass(10);
        assertThat(node.commands()).isEmpty();
        node.sees(node.deleted(Duration.ofSeconds(10), Duration.ofSeconds(11)));
        node.pass(1.1);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
    }

    @Test
    void aHookGoesOnOverARestartOfOurs() {
        ProbedNode before = hooked(new PreStop.Sleep(Duration.ofSeconds(10)));
        ProbedNode node =
                new ProbedNode(
                        PROBING, before.deleted(Duration.ofSeconds(7), Duration.ofSeconds(30)));
        node.pass(2.5);
        assertThat(node.commands()).isEmpty();
        node.pass(1);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
    }

    @Test
    void aHookThatCallsIsOverWithTheAnswerWhateverItSays() {
        Check.HttpGet drain =
                new Check.HttpGet(false, "", new Check.PortNumber(8080), "drain", List.of());
        ProbedNode node = hooked(new PreStop.Call(drain));
        node.sees(node.deleted(Duration.ZERO, Duration.ofSeconds(30)));
        Effect.CallHook call = node.pending(Effect.CallHook.class).getFirst();
        assertThat(call.target())
                .isEqualTo(new Target.Http(false, "10.0.0.7", 8080, "/biz1/drain", List.of()));
        assertThat(call.timeout()).isEqualTo(Duration.ofSeconds(30));
        node.pass(5);
        assertThat(node.commands()).isEmpty();

        node.finished(call, new Outcome.Checked(BAD));
        node.pass(0.1);
        assertThat(node.events(Reason.HOOK_FAILED)).hasSize(1);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
    }

    @Test
    void aPodThatIsDeletedByForceHasNoHook() {
        ProbedNode node = hooked(new PreStop.Sleep(Duration.ofSeconds(20)));
        node.sees(node.deleted(Duration.ZERO, Duration.ofSeconds(30)));
        node.pass(1);
        node.gone();
        node.pass(0.5);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
    }

    @Test
    void readinessGoesOnWhileTheHookDoesAndLivenessDoesNot() {
        ProbedNode node =
                new ProbedNode(
                        PROBING,
                        ProbedNode.pod(
                                probes(ProbeKind.READINESS, ProbeKind.LIVENESS),
                                Optional.of(new PreStop.Sleep(Duration.ofSeconds(20))),
                                true,
                                true));
        node.pass(2.1);
        node.probesEnd(GOOD);
        node.sees(node.deleted(Duration.ZERO, Duration.ofSeconds(30)));
        node.pass(2.1);
        node.probesEnd(GOOD);
        node.pass(2.1);
        assertThat(ports(node)).containsExactly(8081);
        node.probesEnd(BAD, 3, 2.1);
        assertThat(node.container().ready()).isFalse();
        assertThat(node.commands()).isEmpty();
    }

    @Test
    void aModuleThatFailedHasItsHookBeforeItIsReloaded() {
        ProbedNode node =
                new ProbedNode(
                        PROBING,
                        ProbedNode.pod(
                                probes(ProbeKind.LIVENESS),
                                Optional.of(new PreStop.Sleep(Duration.ofSeconds(3))),
                                true,
                                true));
        node.pass(2.1);
        node.probesEnd(BAD, 3, 2.1);
        node.pass(2.5);
        assertThat(node.commands()).isEmpty();
        node.pass(1);
        assertThat(node.commands()).containsExactly(new Command.Uninstall(At.BIZ));
    }

    private static EntryState recorded(ProbedNode node) {
        return node.history.stream()
                .filter(Effect.WriteRecord.class::isInstance)
                .map(effect -> ((Effect.WriteRecord) effect).record().modules().get(At.BIZ))
                .reduce((_, last) -> last)
                .orElseThrow()
                .state();
    }
}
