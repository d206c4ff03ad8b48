package io.koupleless.controller.simulation;

import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules about what Pods and Nodes show, each left out on purpose: the simulation must notice. */
@Tag("simulation")
class PlantedStatusBugsTest {
    @Test
    void rule14IdenticalWrite() {
        // A status is written again though the API server shows it.
        Plants.areFound(
                "identical status",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                if (effect instanceof Effect.PatchPodStatus) {
                                    world.time.after(15_000, () -> world.controller.run(effect));
                                }
                                return Stream.of(effect);
                            }
                        },
                "rule 14",
                "rule 17");
    }

    @Test
    void rule14AnotherUid() {
        // The status of one Pod is written to its successor of the same name.
        Plants.areFound(
                "no uid precondition",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                return effect instanceof Effect.PatchPodStatus patch
                                        ? Stream.of(
                                                new Effect.PatchPodStatus(
                                                        successor(patch.pod(), world),
                                                        patch.status(),
                                                        patch.observedIp()))
                                        : Stream.of(effect);
                            }
                        },
                "rule 14",
                "rule 17",
                "rule 2",
                "convergence");
    }

    private static PodRef successor(PodRef ref, Simulation world) {
        return world.api.pods().stream()
                .map(ModulePod::ref)
                .filter(other -> other.name().equals(ref.name()))
                .findFirst()
                .orElse(ref);
    }

    @Test
    void rule15NodeNotReady() {
        // The Pods of a silent base stay as they are.
        Plants.areFound(
                "Pods of a silent base",
                () ->
                        new Sabotage() {
                            @Override
                            public Optional<Outcome> instead(Effect effect, Simulation world) {
                                boolean silences =
                                        effect instanceof Effect.PatchPodStatus patch
                                                && patch.status()
                                                        .condition(PodCondition.READY)
                                                        .filter(c ->
                                                                c.reason().equals("NodeNotReady"))
                                                        .isPresent();
                                return silences
                                        ? Optional.of(new Outcome.Written("1"))
                                        : Optional.empty();
                            }
                        },
                "rule 15");
    }

    @Test
    void rule17Failed() {
        // What waits with an error is Failed.
        Plants.areFound(
                "Failed for ever",
                () -> changingPhase(PodStatus.Phase.FAILED, PodStatus.Phase.RUNNING),
                "rule 17");
    }

    private static Sabotage changingPhase(PodStatus.Phase to, PodStatus.Phase from) {
        return new Sabotage() {
            @Override
            public Stream<Effect> leaving(Effect effect, Simulation world) {
                return effect instanceof Effect.PatchPodStatus patch
                                && patch.status().phase() == from
                                && patch.status().containers().stream()
                                        .anyMatch(c ->
                                                c.state() instanceof ContainerState.Waiting waiting
                                                        && waiting.reason().contains("UserError"))
                        ? Stream.of(with(patch, to))
                        : Stream.of(effect);
            }
        };
    }

    @Test
    void rule17Revived() {
        // What was over runs again.
        Plants.areFound(
                "un-terminated",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                if (effect instanceof Effect.PatchPodStatus patch
                                        && patch.status().phase() == PodStatus.Phase.FAILED) {
                                    world.time.after(
                                            9_000,
                                            () ->
                                                    world.controller.run(
                                                            with(patch, PodStatus.Phase.RUNNING)));
                                }
                                return Stream.of(effect);
                            }
                        },
                "rule 17",
                "rule 14");
    }

    private static Effect with(Effect.PatchPodStatus patch, PodStatus.Phase phase) {
        PodStatus status = patch.status();
        return new Effect.PatchPodStatus(
                patch.pod(),
                new PodStatus(
                        phase,
                        status.reason(),
                        status.message(),
                        status.podIp(),
                        status.startTime(),
                        status.conditions(),
                        status.containers()),
                patch.observedIp());
    }

    @Test
    void rule17EndedUnderNever() {
        // What ended under Never is forgotten.
        Plants.areFound(
                "ended is forgotten",
                () ->
                        Plants.seeing(pod ->
                                Pods.with(pod, pod.resourceVersion(), unended(pod.status()))),
                "rule 17");
    }

    private static PodStatus unended(PodStatus status) {
        return new PodStatus(
                status.phase().terminal() ? PodStatus.Phase.RUNNING : status.phase(),
                status.reason(),
                status.message(),
                status.podIp(),
                status.startTime(),
                status.conditions(),
                status.containers().stream()
                        .filter(c -> !(c.state() instanceof ContainerState.Terminated))
                        .toList());
    }

    @Test
    void rule17Deadline() {
        // Nobody reads activeDeadlineSeconds.
        Plants.areFound(
                "all the time",
                () -> Plants.seeing(pod -> Pods.within(pod, PodTerms.NONE)),
                "convergence");
    }

    @Test
    void rule17DeadlineTooEarly() {
        // Half of activeDeadlineSeconds are over.
        Plants.areFound(
                "half the time", () -> Plants.seeing(PlantedStatusBugsTest::halved), "rule 17");
    }

    private static ModulePod halved(ModulePod pod) {
        return Pods.within(
                pod,
                new PodTerms(
                        pod.terms().owner(),
                        pod.terms().activeDeadline().map(limit -> limit.dividedBy(2)),
                        pod.terms().ignored()));
    }

    @Test
    void rule17NotAModule() {
        // A Pod without our label counts as a module's.
        Plants.areFound(
                "every Pod is a module",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact
                                                instanceof
                                                Fact.Finished(
                                                        Effect.ReadPods read,
                                                        Outcome.PodsRead(var pods))
                                        ? Stream.of(
                                                new Fact.Finished(
                                                        read,
                                                        new Outcome.PodsRead(
                                                                pods.stream()
                                                                        .map(ModulePod::relabelled)
                                                                        .toList())))
                                        : Stream.of(fact);
                            }
                        },
                "convergence");
    }

    @Test
    void readinessGatesOfAPod() {
        // Nobody reads them.
        Plants.areFound(
                "gates are not read",
                () ->
                        Plants.seeing(pod ->
                                new ModulePod(
                                        pod.ref(),
                                        pod.nodeName(),
                                        pod.labelled(),
                                        pod.resourceVersion(),
                                        pod.createdAt(),
                                        pod.priority(),
                                        pod.terminating(),
                                        pod.revision(),
                                        pod.restartPolicy(),
                                        List.of(),
                                        pod.containers(),
                                        pod.terms(),
                                        pod.status(),
                                        pod.deletion())),
                "readiness gate");
    }

    @Test
    void theGateOfABaseOpensAtOnce() {
        // It takes traffic without its modules.
        Plants.areFound("open at once", () -> gating(patch -> opening(patch, true)), "gate");
    }

    @Test
    void theGateOfABaseShutsAgain() {
        // A module that is not Ready takes the base out of service.
        Plants.areFound(
                "shut again",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                boolean unready =
                                        effect instanceof Effect.PatchPodStatus patch
                                                && !patch.status().isTrue(PodCondition.READY);
                                return unready
                                        ? Stream.concat(
                                                Stream.of(effect),
                                                world.gated.pods().stream()
                                                        .map(pod ->
                                                                new Effect.PatchBasePod(
                                                                        pod.ref(), false, true, "",
                                                                        "")))
                                        : Stream.of(effect);
                            }
                        },
                "gate");
    }

    @Test
    void theGateOfABaseStaysShut() {
        // Nobody finds its Pod.
        Plants.areFound(
                "gate forgotten",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.BasePodsSeen
                                        ? Stream.empty()
                                        : Stream.of(fact);
                            }
                        },
                "convergence");
    }

    private static Sabotage gating(UnaryOperator<Effect.PatchBasePod> otherwise) {
        return new Sabotage() {
            @Override
            public Stream<Effect> leaving(Effect effect, Simulation world) {
                return Stream.of(
                        effect instanceof Effect.PatchBasePod patch
                                ? otherwise.apply(patch)
                                : effect);
            }
        };
    }

    private static Effect.PatchBasePod opening(Effect.PatchBasePod patch, boolean open) {
        return new Effect.PatchBasePod(
                patch.pod(), open, patch.turns(), patch.reason(), patch.message());
    }

    @Test
    void law7AModuleIsBlamedForTheNetwork() {
        // Silence on the way to a module is taken for its answer.
        Plants.areFound(
                "silence as an answer",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact
                                                instanceof
                                                Fact.Finished(
                                                        Effect.Probe probe,
                                                        Outcome.Checked(CheckResult.Bad bad))
                                        ? Stream.of(
                                                new Fact.Finished(
                                                        probe,
                                                        new Outcome.Checked(
                                                                new CheckResult.Bad(
                                                                        bad.message(),
                                                                        CheckResult.Speaker
                                                                                .PROCESS))))
                                        : Stream.of(fact);
                            }
                        },
                "law 7");
    }

    @Test
    void theOldJarIsShownAsTheNewOne() {
        // What is to be replaced and cannot be uninstalled is shown as it was.
        Plants.areFound(
                "the old jar is Ready",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                return Stream.of(
                                        effect instanceof Effect.PatchPodStatus patch
                                                        && failsToGo(patch, world)
                                                ? running(patch, world)
                                                : effect);
                            }
                        },
                "rule 6");
    }

    private static boolean failsToGo(Effect.PatchPodStatus patch, Simulation world) {
        return world.api.record().modules().values().stream()
                .filter(entry -> entry.state() == EntryState.RELOADING)
                .filter(entry -> entry.owner().equals(patch.pod()))
                .anyMatch(entry -> world.base.wasActive(entry.ref(), 0));
    }

    private static Effect running(Effect.PatchPodStatus patch, Simulation world) {
        PodStatus status = patch.status();
        Instant now = world.time.now().wall();
        return new Effect.PatchPodStatus(
                patch.pod(),
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "",
                        status.podIp(),
                        status.startTime(),
                        List.of(
                                new PodCondition(PodCondition.READY, true, "", "", now),
                                new PodCondition(PodCondition.CONTAINERS_READY, true, "", "", now)),
                        status.containers().stream()
                                .map(c ->
                                        new ContainerStatus(
                                                c.name(),
                                                c.image(),
                                                true,
                                                c.restartCount(),
                                                new ContainerState.Running(now),
                                                c.lastState()))
                                .toList()),
                patch.observedIp());
    }
}
