package io.koupleless.controller.simulation;

import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Each race rule, left out on purpose: the simulation must notice within a number of seeds. */
class PlantedBugsTest {
    private static final int SEEDS = Integer.getInteger("simulation.plants", 400);

    /** Runs seeds until one of these promises is broken; fails when none is. */
    private static void isFound(String plant, Supplier<Sabotage> sabotage, String... byRules) {
        for (long seed = 1; seed <= SEEDS; seed++) {
            try {
                new Simulation(seed, sabotage.get()).run();
            } catch (Broken found) {
                System.out.printf("%s: seed %d, %s%n", plant, seed, found.rule());
                if (List.of(byRules).contains(found.rule())) {
                    return;
                }
            }
        }
        throw new AssertionError(plant + " was not noticed in " + SEEDS + " seeds");
    }

    @Test
    void rule1LateTwin() {
        // One answer counts for two commands.
        isFound(
                "one answer for two",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                boolean answer =
                                        fact instanceof Fact.Heard(var t, var event)
                                                && event instanceof TunnelEvent.CommandAnswered;
                                return answer ? Stream.of(fact, fact) : Stream.of(fact);
                            }
                        },
                "rule 1",
                "law 5");
    }

    @Test
    void rule2StaleList() {
        // Lists are of half a minute ago.
        isFound("stale lists", StaleLists::new, "rule 2", "law 6", "rule 5", "convergence");
    }

    private static final class StaleLists implements Sabotage {
        private record Old(long at, List<ModuleStatus> modules) {}

        private final Deque<Old> lists = new ArrayDeque<>();

        @Override
        public Stream<Fact> arriving(Fact fact, Simulation world) {
            if (!(fact instanceof Fact.Heard(String tunnel, var event)
                    && event instanceof TunnelEvent.ModulesReported(var id, var modules))) {
                return Stream.of(fact);
            }
            lists.addLast(new Old(world.time.millis(), modules));
            while (lists.size() > 1 && world.time.millis() - lists.peekFirst().at() > 40_000) {
                lists.pollFirst();
            }
            List<ModuleStatus> stale = lists.getFirst().modules();
            return Stream.of(new Fact.Heard(tunnel, new TunnelEvent.ModulesReported(id, stale)));
        }
    }

    @Test
    void rule3LabelRemoved() {
        // What the watch lost counts as gone.
        isFound(
                "unseen is gone",
                () ->
                        new Sabotage() {
                            @Override
                            public Optional<Outcome> instead(Effect effect, Simulation world) {
                                return effect instanceof Effect.ReadPod
                                        ? Optional.of(new Outcome.PodRead(Optional.empty()))
                                        : Optional.empty();
                            }
                        },
                "law 6");
    }

    @Test
    void rule4RecordBeforeSending() {
        // A write is acknowledged and lost.
        isFound(
                "record not stored",
                () ->
                        new Sabotage() {
                            @Override
                            public Optional<Outcome> instead(Effect effect, Simulation world) {
                                return effect instanceof Effect.WriteRecord && world.chance.of(0.2)
                                        ? Optional.of(
                                                new Outcome.Written(
                                                        world.api.recordVersion().orElse("1")))
                                        : Optional.empty();
                            }
                        },
                "rule 4");
    }

    @Test
    void rule5WhoseModule() {
        // Every Pod is of a revision of its own, so that the newest always takes the module.
        isFound(
                "newest takes all",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.PodSeen(ModulePod pod)
                                        ? Stream.of(
                                                new Fact.PodSeen(
                                                        Pods.revised(pod, pod.ref().uid())))
                                        : Stream.of(fact);
                            }
                        },
                "rule 5",
                "convergence");
    }

    @Test
    void rule6Reload() {
        // uninstallThenInstall: the uninstall is not sent, the install kills all versions.
        isFound("reload in one", ReloadInOne::new, "rule 6", "rule 4");
    }

    /** The install that follows is told to do both. */
    private static final class ReloadInOne implements Sabotage {
        @Override
        public Stream<Effect> leaving(Effect effect, Simulation world) {
            boolean reload =
                    effect instanceof Effect.Send(var t, Command command, var ttl, var fence)
                            && command instanceof Command.Uninstall(ModuleRef ref)
                            && world.api.record().modules().containsKey(ref)
                            && world.api.record().modules().get(ref).state()
                                    == EntryState.RELOADING;
            if (reload
                    && effect instanceof Effect.Send send
                    && send.command() instanceof Command.Uninstall(ModuleRef ref)) {
                world.wire.uninstallThenInstall(ref);
                return Stream.empty();
            }
            return Stream.of(effect);
        }
    }

    @Test
    void rule7Takeover() {
        // What is inherited counts as long over.
        isFound(
                "inherited is over",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return Stream.of(forgetful(fact));
                            }
                        },
                "rule 7");
    }

    private static Fact forgetful(Fact fact) {
        if (fact instanceof Fact.Finished(Effect effect, Outcome outcome)
                && outcome instanceof Outcome.RecordRead(var stored)
                && stored.isPresent()) {
            BaseRecord record = stored.get().record();
            for (ModuleEntry entry : record.modules().values()) {
                Instant longAgo = entry.sentAt().minus(Duration.ofHours(1));
                record = record.with(entry.in(entry.state(), longAgo));
            }
            return new Fact.Finished(
                    effect,
                    new Outcome.RecordRead(
                            Optional.of(
                                    new Outcome.Stored(record, stored.get().resourceVersion()))));
        }
        return fact;
    }

    @Test
    void rule4NameInTheManifest() {
        // What the base calls the module is not listened to.
        isFound(
                "name as asked for",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return Stream.of(asAskedFor(fact));
                            }
                        },
                "convergence");
    }

    private static Fact asAskedFor(Fact fact) {
        return fact instanceof Fact.Heard(String tunnel, var event)
                        && event instanceof TunnelEvent.CommandAnswered answered
                        && answered.operation() == Operation.INSTALL
                        && answered.answer() instanceof Answer.Done
                ? new Fact.Heard(
                        tunnel,
                        new TunnelEvent.CommandAnswered(
                                answered.base(),
                                answered.operation(),
                                answered.ref(),
                                new Answer.Done(
                                        answered.ref().stream()
                                                .map(ref ->
                                                        ModuleStatus.of(ref, ModuleState.ACTIVATED))
                                                .toList())))
                : fact;
    }

    @Test
    void rule8AnothersLease() {
        // Whoever holds the Lease, it counts as our own.
        isFound(
                "another's Lease",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return Stream.of(asOurs(fact));
                            }
                        },
                "rule 10",
                "rule 8");
    }

    private static Fact asOurs(Fact fact) {
        return fact instanceof Fact.Finished(Effect effect, Outcome outcome)
                        && outcome instanceof Outcome.LeaseRead(var lease)
                ? new Fact.Finished(
                        effect,
                        new Outcome.LeaseRead(
                                lease.map(l ->
                                        new ObservedLease(
                                                l.resourceVersion(),
                                                "controller-1",
                                                l.renewTime(),
                                                l.duration(),
                                                l.transitions()))))
                : fact;
    }

    @Test
    void rule9RenewTime() {
        // The wall clock as it is.
        isFound(
                "renewTime goes back",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                return effect instanceof Effect.WriteLease(LeaseWrite write)
                                        ? Stream.of(
                                                new Effect.WriteLease(
                                                        new LeaseWrite(
                                                                write.resourceVersion(),
                                                                write.holder(),
                                                                world.time.now().wall(),
                                                                write.duration(),
                                                                write.transitions(),
                                                                write.acquired())))
                                        : Stream.of(effect);
                            }
                        },
                "rule 9");
    }

    @Test
    void rule14IdenticalWrite() {
        // A status is written again though the API server shows it.
        isFound(
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
        isFound(
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
        isFound(
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
    void rule16Master() {
        // Nobody knows which biz is the base itself.
        isFound(
                "no master",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.Heard(String tunnel, var event)
                                                && event
                                                        instanceof
                                                        TunnelEvent.HealthReported(
                                                                var id,
                                                                BaseHealth health)
                                        ? Stream.of(
                                                new Fact.Heard(
                                                        tunnel,
                                                        new TunnelEvent.HealthReported(
                                                                id, anonymous(health))))
                                        : Stream.of(fact);
                            }
                        },
                "rule 16",
                "convergence");
    }

    private static BaseHealth anonymous(BaseHealth health) {
        return new BaseHealth(
                health.masterState(),
                Optional.empty(),
                health.uptime(),
                health.usedMetaspace(),
                health.committedMetaspace(),
                health.maxMetaspace(),
                health.cpuCount(),
                health.javaVersion());
    }

    @Test
    void rule17Failed() {
        // What waits with an error is Failed.
        isFound(
                "Failed for ever",
                () -> changingPhase(PodStatus.Phase.FAILED, PodStatus.Phase.RUNNING),
                "rule 17");
    }

    @Test
    void rule17Revived() {
        // What was over runs again.
        isFound(
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

    @Test
    void rule17EndedUnderNever() {
        // What ended under Never is forgotten.
        isFound(
                "ended is forgotten",
                () -> seeing(pod -> Pods.with(pod, pod.resourceVersion(), unended(pod.status()))),
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
        isFound(
                "all the time",
                () -> seeing(pod -> Pods.within(pod, PodTerms.NONE)),
                "convergence");
    }

    @Test
    void rule17DeadlineTooEarly() {
        // Half of activeDeadlineSeconds are over.
        isFound("half the time", () -> seeing(PlantedBugsTest::halved), "rule 17");
    }

    private static ModulePod halved(ModulePod pod) {
        return Pods.within(
                pod,
                new PodTerms(
                        pod.terms().owner(),
                        pod.terms().activeDeadline().map(limit -> limit.dividedBy(2)),
                        pod.terms().ignored()));
    }

    private static Sabotage seeing(UnaryOperator<ModulePod> otherwise) {
        return new Sabotage() {
            @Override
            public Stream<Fact> arriving(Fact fact, Simulation world) {
                return fact instanceof Fact.PodSeen(ModulePod pod)
                        ? Stream.of(new Fact.PodSeen(otherwise.apply(pod)))
                        : Stream.of(fact);
            }
        };
    }

    @Test
    void rule17NotAModule() {
        // A Pod without our label counts as a module's.
        isFound(
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
    void rule18Downtime() {
        // Nobody tells that the link is down.
        isFound(
                "link always up",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.LinkChanged(String t, boolean up) && !up
                                        ? Stream.empty()
                                        : Stream.of(fact);
                            }
                        },
                "rule 18",
                "law 7");
    }

    @Test
    void law5TwinInFlight() {
        // Every command is sent twice.
        isFound(
                "twins",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                return effect instanceof Effect.Send send
                                                && send.command() instanceof Command.OnModule on
                                                && on.operation() == Operation.INSTALL
                                                && send.timeToLive().compareTo(Duration.ZERO) > 0
                                        ? Stream.of(effect, effect)
                                        : Stream.of(effect);
                            }
                        },
                "law 5");
    }

    @Test
    void law7AModuleIsBlamedForTheNetwork() {
        // Silence on the way to a module is taken for its answer.
        isFound(
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
    void anAnswerThatIsLostIsTakenForACommandThatNeverLeft() {
        // Over HTTP: the work is done, the answer does not come.
        isFound(
                "lost is not sent",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.Finished(var effect, var outcome)
                                                && effect instanceof Effect.Send send
                                                && send.tunnel().equals(ModelController.HTTP)
                                                && send.command() instanceof Command.OnModule
                                                && outcome instanceof Outcome.Done
                                                && world.chance.of(0.1)
                                        ? Stream.of(
                                                new Fact.Finished(
                                                        effect, new Outcome.NotSent("reset")))
                                        : Stream.of(fact);
                            }
                        },
                "law 5",
                "rule 1");
    }

    @Test
    void installsBlockAllLoopsOfTheBase() {
        // As many over HTTP as over MQTT.
        isFound(
                "no loop left",
                () ->
                        new Sabotage() {
                            @Override
                            public int commandsAtOnce(int honest) {
                                return Integer.MAX_VALUE;
                            }
                        },
                "limit");
    }

    @Test
    void theOtherWayIsNotTaken() {
        // Who is heard on the preferred way is not listened to on the other one.
        isFound(
                "one way only",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return world.faults.mqtt
                                                && fact instanceof Fact.Heard(String tunnel, var e)
                                                && tunnel.equals(ModelController.HTTP)
                                        ? Stream.empty()
                                        : Stream.of(fact);
                            }
                        },
                "takeover",
                "rule 18");
    }

    @Test
    void aTakeoverFlipsTheNode() {
        // A link that fails is taken for a base that ends.
        isFound(
                "the end of a link",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.LinkChanged(String tunnel, boolean up)
                                                && !up
                                                && world.faults.http
                                        ? Stream.of(
                                                fact,
                                                new Fact.Heard(
                                                        ModelController.HTTP,
                                                        new TunnelEvent.BaseGone(
                                                                new BaseId("base-7"))))
                                        : Stream.of(fact);
                            }
                        },
                "law 7");
    }

    @Test
    void aTakeoverInstallsAnew() {
        // What is there is not known on the way that takes over.
        isFound("another way, another base", EmptyAfterTakeover::new, "rule 2", "no flip");
    }

    /** The first lists of a way that takes over are empty. */
    private static final class EmptyAfterTakeover implements Sabotage {
        private long until = Long.MIN_VALUE;
        private String way = "";

        @Override
        public Stream<Effect> leaving(Effect effect, Simulation world) {
            if (effect instanceof Effect.Send send && !send.tunnel().equals(way)) {
                until = way.isEmpty() ? until : world.time.millis() + 20_000;
                way = send.tunnel();
            }
            return Stream.of(effect);
        }

        @Override
        public Stream<Fact> arriving(Fact fact, Simulation world) {
            return world.time.millis() < until
                            && fact instanceof Fact.Heard(String tunnel, var event)
                            && event instanceof TunnelEvent.ModulesReported(var id, var modules)
                    ? Stream.of(
                            new Fact.Heard(tunnel, new TunnelEvent.ModulesReported(id, List.of())))
                    : Stream.of(fact);
        }
    }
}
