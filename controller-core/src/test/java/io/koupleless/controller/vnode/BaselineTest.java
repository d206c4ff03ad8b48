package io.koupleless.controller.vnode;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.vnode.Baseline.Decision;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class BaselineTest {
    private static final Moment NOW = At.seconds(1);

    private final Baseline baseline = new Baseline(At.TIMES);

    private static Departures.Ready install(String name, String url) {
        ModuleRef ref = new ModuleRef(name, "1");
        ModuleEntry entry =
                new ModuleEntry(
                        ref,
                        ref,
                        EntryState.INSTALLING,
                        new PodRef("default", name, name),
                        "",
                        "hash",
                        At.WALL);
        return new Departures.Ready(
                new Slot(ref, NOW),
                entry,
                new Command.Install(ref, URI.create(url)),
                Optional.empty());
    }

    private static List<Departures.Ready> installs(String... names) {
        return Stream.of(names).map(name -> install(name, "file:///" + name)).toList();
    }

    private Decision decide(String... names) {
        return baseline.decide(installs(names), true, NOW);
    }

    private static Command.InstallAll batch(String... names) {
        return new Command.InstallAll(
                Stream.of(names)
                        .map(name ->
                                new Command.Install(
                                        new ModuleRef(name, "1"), URI.create("file:///" + name)))
                        .toList());
    }

    @Test
    void aFreshBaseIsAskedWhatItKnowsBeforeItGetsABatch() {
        assertThat(decide("a", "b")).isInstanceOf(Decision.Ask.class);
        assertThat(decide("a", "b")).isInstanceOf(Decision.Hold.class);
        baseline.commandsReported(true);

        assertThat(decide("a", "b"))
                .isInstanceOfSatisfying(
                        Decision.Together.class,
                        together -> assertThat(together.installs()).hasSize(2));
    }

    @Test
    void aBaseThatKnowsNoBatchesOrDoesNotSayGetsTheModulesSingly() {
        decide("a", "b");
        baseline.commandsReported(false);
        assertThat(decide("a", "b")).isInstanceOf(Decision.Singly.class);

        baseline.baseRestarted();
        decide("a", "b");
        Moment late = At.seconds(1 + At.TIMES.queryDeadline().toSeconds());
        assertThat(baseline.decide(installs("a", "b"), true, late))
                .isInstanceOf(Decision.Singly.class);
    }

    @Test
    void whereHelpIsNotAnsweredTheBaseMustHaveAskedForItsBaseline() {
        decide("a", "b");
        baseline.helpRefused();
        assertThat(decide("a", "b")).isInstanceOf(Decision.Singly.class);

        baseline.asked();
        baseline.baseRestarted();
        decide("a", "b");
        baseline.helpRefused();
        assertThat(decide("a", "b")).isInstanceOf(Decision.Together.class);
    }

    @Test
    void aBaseThatAskedIsToldThatThereIsNothing() {
        baseline.asked();
        baseline.decide(List.of(), false, NOW);
        baseline.helpRefused();

        assertThat(baseline.decide(List.of(), false, NOW))
                .isEqualTo(new Decision.Together(List.of()));
        baseline.sent(batch());
        assertThat(baseline.decide(List.of(), false, NOW)).isInstanceOf(Decision.Singly.class);
    }

    @Test
    void aBaseThatAskedWaitsWhileItsModulesAreNotReadyToLeave() {
        baseline.asked();

        assertThat(baseline.decide(List.of(), true, NOW)).isInstanceOf(Decision.Singly.class);
        assertThat(decide("a")).isInstanceOf(Decision.Ask.class);
    }

    @Test
    void oneModuleNeedsNoBatch() {
        assertThat(decide("a")).isInstanceOf(Decision.Singly.class);
    }

    @Test
    void modulesOfOneUrlAreNeverBatched() {
        decide("a", "b");
        baseline.commandsReported(true);
        List<Departures.Ready> twins =
                List.of(install("a", "file:///x"), install("b", "file:///x"), install("c", "y"));

        Decision decision = baseline.decide(twins, true, NOW);

        assertThat(((Decision.Together) decision).installs())
                .extracting(ready -> ready.slot().ref.name())
                .containsExactly("a", "c");
    }

    @Test
    void eachProcessGetsOneBatchAtMost() {
        decide("a", "b");
        baseline.commandsReported(true);
        baseline.sent(batch("a", "b"));

        assertThat(decide("c", "d")).isInstanceOf(Decision.Singly.class);
        assertThat(baseline.answered().values())
                .extracting(ModuleRef::name)
                .containsExactly("a", "b");
        assertThat(baseline.answered()).isEmpty();
        baseline.baseRestarted();
        assertThat(decide("a", "b")).isInstanceOf(Decision.Ask.class);
    }

    @Test
    void aBaseThatRunsSomethingOrGotOneModuleIsNotFresh() {
        baseline.listed(
                ModuleList.of(
                        NOW.nanos(),
                        List.of(ModuleStatus.of(At.BIZ, ModuleState.ACTIVATED)),
                        Optional.empty()));
        assertThat(decide("a", "b")).isInstanceOf(Decision.Singly.class);

        baseline.baseRestarted();
        baseline.sent(Operation.INSTALL);
        assertThat(decide("a", "b")).isInstanceOf(Decision.Singly.class);
    }
}
