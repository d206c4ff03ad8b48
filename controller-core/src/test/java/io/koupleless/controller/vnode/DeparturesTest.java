package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.random.RandomGenerator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DeparturesTest {
    private static final Moment NOW = At.seconds(1);
    private static final long FENCE = At.nanos(30);
    private static final VNodeSettings SETTINGS =
            new VNodeSettings("me", "test", At.TIMES, VNodeSettings.Limits.defaults());
    private static final Base BASE =
            new Base(new BaseId("b"), "demo", "1", "default", "10.0.0.7", "host", 0, true);

    private final BaseWatch watch = watch(Ways.of("mqtt"));
    private final Baseline baseline = new Baseline(At.TIMES);
    private final Ledger ledger = new Ledger(At.TIMES, NOW);
    private final Slots slots = new Slots(At.TIMES, ledger);
    private final Failures failures =
            new Failures(SETTINGS, ledger, new Pods(At.TIMES, NOW), slots);
    private final Departures departures =
            new Departures(SETTINGS, watch, slots, failures, baseline);

    private static BaseWatch watch(Transports transports) {
        return new BaseWatch(
                BASE,
                new Channels(transports, At.TIMES.silentAfter(), "mqtt", NOW),
                At.TIMES,
                RandomGenerator.getDefault(),
                NOW);
    }

    private Departures.Ready ready(Operation operation, String name, Optional<ModulePod> owner) {
        ModuleRef ref = new ModuleRef(name, "1");
        boolean install = operation == Operation.INSTALL;
        return new Departures.Ready(
                slots.of(ref, NOW),
                new ModuleEntry(
                        ref,
                        ref,
                        install ? EntryState.INSTALLING : EntryState.REMOVING,
                        new PodRef("default", name, name),
                        "",
                        "hash",
                        At.WALL),
                install
                        ? new Command.Install(ref, URI.create("file:///" + name))
                        : new Command.Uninstall(ref),
                owner);
    }

    private void install(String name, int priority, long age) {
        departures.add(ready(Operation.INSTALL, name, Optional.of(pod(name, priority, age))));
    }

    private void installs(String... names) {
        Stream.of(names).forEach(name -> install(name, 0, 0));
    }

    private void uninstall(String name) {
        departures.add(ready(Operation.UNINSTALL, name, Optional.empty()));
    }

    private static ModulePod pod(String name, int priority, long age) {
        return new ModulePod(
                new PodRef("default", name, name),
                "node",
                true,
                "1",
                At.WALL.minusSeconds(age),
                priority,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(),
                PodStatus.NONE);
    }

    private Outbox leave(Moment now) {
        Outbox out = new Outbox();
        departures.leave(true, FENCE, out, now);
        return out;
    }

    private static List<Effect.Send> sends(Outbox out) {
        return out.effects().stream().map(Effect.Send.class::cast).toList();
    }

    /** {@code -name} is an uninstall. */
    private static List<String> commands(Outbox out) {
        return sends(out).stream().flatMap(send -> names(send.command())).toList();
    }

    private static Stream<String> names(Command command) {
        return switch (command) {
            case Command.Install install -> Stream.of(install.ref().name());
            case Command.Uninstall uninstall -> Stream.of("-" + uninstall.ref().name());
            case Command.InstallAll all ->
                    Stream.of(
                            all.installs().stream()
                                    .map(install -> install.ref().name())
                                    .toList()
                                    .toString());
            case Command.QueryCommands _ -> Stream.of("help");
            case Command.QueryHealth _, Command.QueryModules _ -> Stream.of("another question");
        };
    }

    @Test
    void thePodOfHighestPriorityComesFirstThenTheOldestThenTheName() {
        baseline.commandsReported(false);
        install("b", 0, 10);
        install("d", 0, 90);
        install("a", 0, 10);
        install("c", 7, 5);

        assertThat(commands(leave(NOW))).containsExactly("c", "d", "a", "b");
    }

    @Test
    void aPodOfNegativePriorityComesAfterOneWithoutAndAnUninstallBeforeAll() {
        baseline.commandsReported(false);
        install("last", -5, 90);
        install("urgent", 1_000, 0);
        install("usual", 0, 0);
        uninstall("z");

        assertThat(commands(leave(NOW))).containsExactly("-z", "urgent", "usual", "last");
    }

    @Test
    void noMoreLeaveThanTheBaseMayHaveUnanswered() {
        baseline.commandsReported(false);
        installs("a", "b", "c", "d", "e");
        uninstall("z");

        assertThat(commands(leave(NOW))).containsExactly("-z", "a", "b", "c");

        installs("d", "e");
        assertThat(commands(leave(NOW))).isEmpty();

        slots.of(new ModuleRef("b", "1"), NOW).answered(Operation.INSTALL, At.seconds(2));
        installs("d", "e");
        assertThat(commands(leave(At.seconds(2)))).containsExactly("d");
    }

    @Test
    void noMoreLeaveThanTheTransportLetsTheBaseBear() {
        baseline.commandsReported(false);
        Transports narrow =
                new Transports() {
                    @Override
                    public List<String> preference() {
                        return List.of("mqtt");
                    }

                    @Override
                    public int commandsAtOnce(String tunnel, int processors) {
                        return 2;
                    }
                };
        Departures few = new Departures(SETTINGS, watch(narrow), slots, failures, baseline);
        Outbox out = new Outbox();
        Stream.of("a", "b", "c")
                .forEach(name -> few.add(ready(Operation.INSTALL, name, Optional.empty())));

        few.leave(true, FENCE, out, NOW);

        assertThat(commands(out)).containsExactly("a", "b");
    }

    @Test
    void whileHelpIsAwaitedInstallsStayAndUninstallsLeave() {
        installs("a", "b");
        uninstall("y");
        Outbox asking = leave(NOW);
        assertThat(commands(asking)).containsExactly("help", "-y");

        installs("a", "b");
        uninstall("z");
        Outbox waiting = leave(At.seconds(2));
        assertThat(commands(waiting)).containsExactly("-z");
        assertThat(waiting.wakeAt()).isEqualTo(NOW.plus(At.TIMES.queryDeadline()));

        installs("a", "b");
        Moment late = new Moment(waiting.wakeAt(), NOW.wall());
        assertThat(commands(leave(late))).containsExactly("a", "b");
    }

    @Test
    void aBatchLeavesWholeAndInOrderHoweverManyMayBeUnanswered() {
        baseline.commandsReported(true);
        installs("c", "b", "e", "d");
        install("a", 7, 0);
        uninstall("z");

        Outbox out = leave(NOW);

        assertThat(commands(out)).containsExactly("-z", "[a, b, c, d, e]");
        Duration twoRounds = At.TIMES.installDeadline().multipliedBy(2);
        assertThat(sends(out).getLast().timeToLive()).isEqualTo(twoRounds);
        assertThat(sends(out).getLast().fenceNanos()).isEqualTo(FENCE);
        assertThat(slots.occupied()).isEqualTo(6);
        assertThat(slots.of(new ModuleRef("e", "1"), NOW).flight())
                .contains(
                        new CommandCount.Flight(
                                Operation.INSTALL, NOW.nanos(), NOW.plus(twoRounds)));
    }

    @Test
    void afterTheBatchModulesLeaveSingly() {
        baseline.commandsReported(true);
        installs("a", "b");
        leave(NOW);

        installs("c", "d");

        assertThat(commands(leave(NOW))).containsExactly("c", "d");
    }

    @Test
    void whatTheBaseCannotBearIsNotInTheBatch() {
        baseline.commandsReported(true);
        nearlyFull();
        failures.add(
                new ModuleRef("b", "1"),
                Operation.INSTALL,
                FailureCode.MODULE,
                "out of metaspace",
                new Outbox(),
                NOW);
        installs("a", "b", "c");

        assertThat(commands(leave(NOW))).containsExactly("[a, c]");
        assertThat(slots.of(new ModuleRef("b", "1"), NOW).flight()).isEmpty();
        assertThat(failures.pressure()).isNotEmpty();
    }

    private void nearlyFull() {
        watch.questions().health().asked("mqtt", NOW);
        watch.health(
                new TunnelEvent.HealthReported(
                        BASE.id(),
                        new BaseHealth(
                                "ACTIVATED",
                                Optional.empty(),
                                Optional.of(Duration.ofSeconds(100)),
                                OptionalLong.of(99),
                                OptionalLong.of(99),
                                OptionalLong.of(100),
                                OptionalLong.empty(),
                                Optional.empty())),
                "mqtt",
                NOW);
    }

    @Test
    void whatWasReadyInOneStepDoesNotLeaveInTheNext() {
        baseline.commandsReported(false);
        installs("a");
        leave(NOW);

        assertThat(leave(NOW).effects()).isEmpty();
    }
}
