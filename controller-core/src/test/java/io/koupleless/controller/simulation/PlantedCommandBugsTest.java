package io.koupleless.controller.simulation;

import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.ModulePod;
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
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules about commands and the record, each left out on purpose: the simulation must notice. */
@Tag("simulation")
class PlantedCommandBugsTest {
    @Test
    void rule1LateTwin() {
        // One answer counts for two commands.
        Plants.areFound(
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
        Plants.areFound("stale lists", StaleLists::new, "rule 2", "law 6", "rule 5", "convergence");
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
        Plants.areFound(
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
        Plants.areFound(
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
    void rule4NameInTheManifest() {
        // What the base calls the module is not listened to.
        Plants.areFound(
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
    void rule5WhoseModule() {
        // Every Pod is of a revision of its own, so that the newest always takes the module.
        Plants.areFound(
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
        Plants.areFound("reload in one", ReloadInOne::new, "rule 6", "rule 4");
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
        Plants.areFound(
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
    void rule16Master() {
        // Nobody knows which biz is the base itself.
        Plants.areFound(
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
    void law5TwinInFlight() {
        // Every command is sent twice.
        Plants.areFound(
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
    void anAnswerThatIsLostIsTakenForACommandThatNeverLeft() {
        // Over HTTP: the work is done, the answer does not come.
        Plants.areFound(
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
        Plants.areFound(
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
    void whatWentToANewProcessBeforeItWasKnownIsForgotten() {
        // The record of another process of the base is empty.
        Plants.areFound("forgotten at a restart", ForgottenAtRestart::new, "convergence", "rule 4");
    }

    private static final class ForgottenAtRestart implements Sabotage {
        private final Map<ModuleRef, Instant> forgotten = new HashMap<>();
        private Optional<Instant> start = Optional.empty();

        @Override
        public Stream<Effect> leaving(Effect effect, Simulation world) {
            if (!(effect instanceof Effect.WriteRecord(BaseRecord record, var expected))) {
                return Stream.of(effect);
            }
            if (start.isPresent() && !start.equals(record.processStart())) {
                record.modules().forEach((ref, entry) -> forgotten.put(ref, entry.sentAt()));
            }
            start = record.processStart();
            BaseRecord left = record;
            for (ModuleEntry entry : record.modules().values()) {
                boolean lost = entry.sentAt().equals(forgotten.get(entry.ref()));
                left = lost ? left.without(entry.ref()) : left;
            }
            return Stream.of(new Effect.WriteRecord(left, expected));
        }
    }
}
