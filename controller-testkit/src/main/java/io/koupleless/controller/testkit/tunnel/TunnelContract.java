package io.koupleless.controller.testkit.tunnel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelEvent.BatchAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.CommandsReported;
import io.koupleless.controller.tunnel.TunnelEvent.HealthReported;
import io.koupleless.controller.tunnel.TunnelEvent.ModulesReported;
import io.koupleless.controller.tunnel.TunnelEvent.OfBase;
import io.koupleless.controller.tunnel.TunnelException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.AbstractThrowableAssert;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * The promises of {@link io.koupleless.controller.tunnel.Tunnel}, as tests: extend it once per
 * transport. A base is only sent to after it was seen, since some transports learn its address so.
 */
@Timeout(180)
public abstract class TunnelContract {
    private static final ModuleRef BIZ1 = new ModuleRef("biz1", "1.0.0");
    private static final ModuleRef BIZ2 = new ModuleRef("biz2", "1.0.0");
    private static final URI JAR = URI.create("file:///modules/biz1-1.0.0-ark-biz.jar");
    private static final URI OTHER_JAR = URI.create("file:///modules/biz2-1.0.0-ark-biz.jar");
    private static final Duration TTL = Duration.ofSeconds(20);

    /** At once, on a machine that does other things too. */
    private static final Duration PROMPT = Duration.ofSeconds(10);

    private final RecordingListener heard = new RecordingListener();

    @SuppressWarnings("NullAway.Init")
    private TunnelHarness harness;

    /** A fresh tunnel, not started, and its other side, which is there. */
    protected abstract TunnelHarness open() throws Exception;

    @BeforeEach
    final void openHarness() throws Exception {
        harness = open();
    }

    @AfterEach
    final void closeHarness() {
        harness.tunnel().close();
        harness.close();
    }

    @Test
    final void startReturnsAtOnceWhileTheOtherSideIsAway() {
        assumeTrue(harness.linkCanBeCut());
        harness.cut();
        long begun = System.nanoTime();
        harness.tunnel().start(heard);
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
        assertThat(heard.link()).isEmpty();
        harness.restore();
        heard.awaitLink(true);
        assertThat(heard.link()).containsExactly(true);
    }

    @Test
    final void everyChangeOfTheLinkIsToldOnceAndInOrder() {
        assumeTrue(harness.linkCanBeCut());
        startAndAwaitLink();
        harness.cut();
        heard.awaitLink(false);
        harness.restore();
        heard.awaitLink(true);
        assertThat(heard.link()).containsExactly(true, false, true);
    }

    @Test
    final void aHeartbeatIsABaseSeen() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        BaseSeen event = heard.of(base.id(), BaseSeen.class).getFirst();
        assertThat(event.seen().name()).isEqualTo("base-demo");
        assertThat(event.seen().version()).isEqualTo("1.0.0");
        assertThat(event.seen().active()).isTrue();
    }

    @Test
    final void anIdentityIsKeptVerbatim() {
        startAndAwaitLink();
        seen("Base-UPPER.1_x");
        seen("base-upper.1_x");
        assertThat(identities()).containsExactly("Base-UPPER.1_x", "base-upper.1_x");
    }

    @Test
    final void aLongIdentityArrives() {
        startAndAwaitLink();
        assertThat(seen("b".repeat(300)).id().value()).hasSize(300);
    }

    @Test
    final void healthIsAnswered() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        sent(base, new Command.QueryHealth());
        HealthReported event = heard.await(base.id(), HealthReported.class);
        assertThat(event.health().active()).isTrue();
        assertThat(event.health().uptime()).isPresent();
        assertThat(event.health().maxMetaspace()).isEmpty();
    }

    @Test
    final void theListOfModulesIsAnswered() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        sent(base, new Command.QueryModules());
        assertThat(heard.await(base.id(), ModulesReported.class).modules()).isEmpty();
        sent(base, new Command.Install(BIZ1, JAR));
        heard.await(base.id(), CommandAnswered.class);
        sent(base, new Command.QueryModules());
        List<ModuleStatus> list =
                heard.await(base.id(), ModulesReported.class, 2).getLast().modules();
        assertThat(list).extracting(ModuleStatus::ref).containsExactly(BIZ1);
        assertThat(list).extracting(ModuleStatus::state).containsExactly(ModuleState.ACTIVATED);
    }

    @Test
    final void commandsOnModulesAreAnswered() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        assertThat(answer(base, new Command.Install(BIZ1, JAR), 1))
                .isInstanceOfSatisfying(
                        Answer.Done.class,
                        done ->
                                assertThat(done.installed())
                                        .extracting(ModuleStatus::ref)
                                        .containsExactly(BIZ1));
        assertThat(answer(base, new Command.Install(BIZ1, JAR), 2))
                .isInstanceOf(Answer.AlreadyThere.class);
        assertThat(answer(base, new Command.Uninstall(BIZ1), 3)).isInstanceOf(Answer.Done.class);
        assertThat(answer(base, new Command.Uninstall(BIZ1), 4))
                .isInstanceOf(Answer.NotThere.class);
    }

    @Test
    final void aFailedInstallTellsTheCause() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        String cause = "java.lang.IllegalStateException: no database";
        base.install(JAR.toString(), new InstallBehaviour.FailsToStart(Duration.ZERO, cause));
        assertThat(answer(base, new Command.Install(BIZ1, JAR), 1))
                .isInstanceOfSatisfying(
                        Answer.Failed.class, failed -> assertThat(failed.cause()).isEqualTo(cause));
    }

    @Test
    final void aSecondCommandForABusyModuleIsBusy() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        base.install(JAR.toString(), new InstallBehaviour.Hangs());
        sent(base, new Command.Install(BIZ1, JAR));
        Awaitility.await().atMost(TTL).until(() -> base.commands().contains("installBiz"));
        assertThat(answer(base, new Command.Uninstall(BIZ1), 1)).isInstanceOf(Answer.Busy.class);
    }

    @Test
    final void aBatchIsAnsweredForEachUrl() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        base.install(
                OTHER_JAR.toString(),
                new InstallBehaviour.FailsToStart(Duration.ZERO, "java.io.IOException: no"));
        sent(base, batch());
        Map<String, Answer> answers = heard.await(base.id(), BatchAnswered.class).answers();
        assertThat(answers).containsOnlyKeys(JAR.toString(), OTHER_JAR.toString());
        assertThat(answers.get(JAR.toString()))
                .isInstanceOfSatisfying(
                        Answer.Done.class,
                        done ->
                                assertThat(done.installed())
                                        .extracting(ModuleStatus::ref)
                                        .containsExactly(BIZ1));
        assertThat(answers.get(OTHER_JAR.toString())).isInstanceOf(Answer.Failed.class);
        assertThat(base.modules()).extracting(FakeModule::ref).containsExactly(BIZ1);
    }

    @Test
    final void aBatchWithAJarThatCannotBeHadIsAnsweredForNoUrl() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        base.install(
                OTHER_JAR.toString(),
                new InstallBehaviour.CannotBePulled("java.io.FileNotFoundException: /nope.jar"));
        sent(base, batch());
        assertThat(heard.await(base.id(), BatchAnswered.class).answers()).isEmpty();
        assertThat(base.modules()).isEmpty();
    }

    @Test
    final void anEmptyBatchIsAnsweredToo() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        sent(base, new Command.InstallAll(List.of()));
        assertThat(heard.await(base.id(), BatchAnswered.class).answers()).isEmpty();
        assertThat(base.commands()).hasSize(1);
    }

    @Test
    final void whatABaseKnowsIsAnsweredOrRefusedAtOnce() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        CompletableFuture<Void> sent =
                send(base, new Command.QueryCommands(), () -> true).toCompletableFuture();
        Awaitility.await().atMost(TTL).until(sent::isDone);
        if (sent.isCompletedExceptionally()) {
            assertThat(sent.exceptionNow()).isInstanceOf(TunnelException.Rejected.class);
            assertThat(base.commands()).isEmpty();
        } else {
            CommandsReported event = heard.await(base.id(), CommandsReported.class);
            assertThat(event.ids()).contains("installBiz", "uninstallBiz");
            assertThat(event.batches()).isTrue();
        }
    }

    @Test
    final void eventsOfABaseKeepTheirOrder() {
        startAndAwaitLink();
        FakeBase one = seen("base-1");
        FakeBase two = seen("base-2");
        List<ModuleRef> refs =
                IntStream.range(0, 100).mapToObj(i -> new ModuleRef("biz" + i, "1")).toList();
        for (ModuleRef ref : refs) {
            harness.say(one, ArkletJson.uninstalled(ref, Instant.EPOCH));
            harness.say(two, ArkletJson.uninstalled(ref, Instant.EPOCH));
        }
        for (FakeBase base : List.of(one, two)) {
            assertThat(heard.await(base.id(), CommandAnswered.class, refs.size()))
                    .extracting(CommandAnswered::ref)
                    .containsExactlyElementsOf(refs.stream().map(Optional::of).toList());
        }
    }

    @Test
    final void duplicatesAreDelivered() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        WireMessage heartbeat = base.heartbeat();
        harness.say(base, heartbeat);
        harness.say(base, heartbeat);
        assertThat(heard.await(base.id(), BaseSeen.class, 3)).hasSize(3);
    }

    @Test
    final void whatCannotBeReadIsCountedAndStopsNothing() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        harness.garble(base);
        harness.say(base, base.heartbeat());
        heard.await(base.id(), BaseSeen.class, 2);
        Awaitility.await().atMost(TTL).until(() -> harness.counters().count("malformed") == 1);
        assertThat(heard.link()).containsExactly(true);
    }

    @Test
    final void whileTheLinkIsDownNothingIsTakenAndNothingArrivesLater() {
        assumeTrue(harness.linkCanBeCut());
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        harness.cut();
        heard.awaitLink(false);
        assertThatFails(send(base, new Command.Install(BIZ1, JAR), () -> true))
                .hasCauseInstanceOf(TunnelException.Unavailable.class);
        harness.restore();
        heard.awaitLink(changes -> changes.equals(List.of(true, false, true)));
        sent(base, new Command.QueryModules());
        heard.await(base.id(), ModulesReported.class);
        assertThat(base.commands()).containsExactly("queryAllBiz");
    }

    @Test
    final void beforeTheStartNothingIsTaken() {
        Message message = message(FakeBase.of("base-1"), new Command.QueryHealth(), () -> true);
        assertThatFails(harness.tunnel().send(message))
                .hasCauseInstanceOf(TunnelException.Unavailable.class);
    }

    @Test
    final void aClosedFenceLetsNothingOut() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        assertThatFails(send(base, new Command.Install(BIZ1, JAR), () -> false))
                .hasCauseInstanceOf(TunnelException.Fenced.class);
        sent(base, new Command.QueryModules());
        heard.await(base.id(), ModulesReported.class);
        assertThat(base.commands()).containsExactly("queryAllBiz");
    }

    @Test
    final void afterAReconnectCommandsAndAnswersPassAgain() {
        assumeTrue(harness.linkCanBeCut());
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        harness.cut();
        heard.awaitLink(false);
        harness.restore();
        heard.awaitLink(true);
        heard.forget();
        harness.say(base, base.heartbeat());
        heard.await(base.id(), BaseSeen.class);
        sent(base, new Command.QueryHealth());
        heard.await(base.id(), HealthReported.class);
        sent(base, new Command.QueryModules());
        heard.await(base.id(), ModulesReported.class);
        assertThat(answer(base, new Command.Install(BIZ2, JAR), 1)).isInstanceOf(Answer.Done.class);
    }

    @Test
    final void threadsDoNotGrowWithTheNumberOfBases() {
        startAndAwaitLink();
        askFor(bases(0, 10));
        long before = threads();
        askFor(bases(10, 200));
        assertThat(threads())
                .isLessThanOrEqualTo(before + 8); // pools of the other side may still fill up
    }

    @Test
    final void closingIsQuickMayBeRepeatedAndEndsEverything() {
        startAndAwaitLink();
        FakeBase base = seen("base-1");
        int events = heard.events().size();
        long begun = System.nanoTime();
        harness.tunnel().close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
        harness.tunnel().close();
        harness.say(base, base.heartbeat());
        assertThatFails(send(base, new Command.QueryHealth(), () -> true))
                .hasCauseInstanceOf(TunnelException.Unavailable.class);
        Awaitility.await()
                .during(Duration.ofMillis(300))
                .until(() -> heard.events().size() == events);
        assertThat(base.commands()).isEmpty();
    }

    @Test
    final void closingATunnelThatNeverStartedIsFine() {
        harness.tunnel().close();
        assertThat(heard.events()).isEmpty();
    }

    /** But for those of a broker in this JVM, whose pool grows with its load. */
    private static long threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> !name.contains("activemq") && !name.contains("artemis"))
                .count();
    }

    private void startAndAwaitLink() {
        harness.tunnel().start(heard);
        heard.awaitLink(true);
    }

    private FakeBase seen(String id) {
        FakeBase base = joined(id);
        heard.await(base.id(), BaseSeen.class);
        return base;
    }

    private FakeBase joined(String id) {
        FakeBase base = FakeBase.of(id);
        harness.join(base);
        harness.say(base, base.heartbeat());
        return base;
    }

    private List<FakeBase> bases(int from, int to) {
        List<FakeBase> bases =
                IntStream.range(from, to).mapToObj(i -> joined("base-" + i)).toList();
        bases.forEach(base -> heard.await(base.id(), BaseSeen.class));
        return bases;
    }

    private void askFor(List<FakeBase> bases) {
        bases.forEach(base -> sent(base, new Command.QueryHealth()));
        bases.forEach(base -> heard.await(base.id(), HealthReported.class));
    }

    private Stream<String> identities() {
        return heard.events().stream()
                .filter(OfBase.class::isInstance)
                .map(event -> ((OfBase) event).base())
                .map(BaseId::value);
    }

    private static Command batch() {
        return new Command.InstallAll(
                List.of(new Command.Install(BIZ1, JAR), new Command.Install(BIZ2, OTHER_JAR)));
    }

    private Answer answer(FakeBase base, Command command, int count) {
        sent(base, command);
        return heard.await(base.id(), CommandAnswered.class, count).getLast().answer();
    }

    private void sent(FakeBase base, Command command) {
        assertThat(send(base, command, () -> true).toCompletableFuture())
                .succeedsWithin(TTL.plusSeconds(1));
    }

    private CompletionStage<Void> send(FakeBase base, Command command, Fence fence) {
        return harness.tunnel().send(message(base, command, fence));
    }

    private static Message message(FakeBase base, Command command, Fence fence) {
        return new Message(base.id(), command, TTL, fence);
    }

    private static AbstractThrowableAssert<?, ?> assertThatFails(CompletionStage<Void> sent) {
        return assertThatThrownBy(
                () -> sent.toCompletableFuture().get(TTL.toMillis(), TimeUnit.MILLISECONDS));
    }
}
