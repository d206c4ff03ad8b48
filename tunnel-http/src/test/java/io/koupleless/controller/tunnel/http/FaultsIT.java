package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.Fault;
import io.koupleless.controller.testkit.tunnel.FaultyProxy;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.HealthReported;
import io.koupleless.controller.tunnel.TunnelEvent.ModulesReported;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * A proxy between the tunnel and one base does what networks and hosts do. What is told then, how
 * soon, and that another base is served meanwhile.
 */
@Timeout(180)
@Execution(ExecutionMode.CONCURRENT)
class FaultsIT {
    private static final Command INSTALL =
            new Command.Install(
                    new ModuleRef("biz1", "1.0.0"), URI.create("file:///modules/biz1.jar"));
    private static final Command HEALTH = new Command.QueryHealth();
    private static final Duration TTL = Duration.ofSeconds(8);

    private static final Duration PATIENCE = Duration.ofSeconds(45);

    /** Else a question would meet a fault, and be counted as what a test has sent. */
    private static final Discovery NOBODY_ASKS_BY_HIMSELF =
            new Discovery(
                    Duration.ofHours(1),
                    Duration.ofSeconds(10),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    10);

    /** On a machine that does other things too, a base may need a while to take a command. */
    private static final Client PATIENT =
            new Client(
                    Duration.ofSeconds(2),
                    3,
                    8,
                    2,
                    128,
                    8 << 20,
                    3,
                    Duration.ofSeconds(8),
                    Duration.ofSeconds(10));

    private final Rig rig =
            new Rig(
                    new HttpSettings(
                            TestSettings.receiver(),
                            PATIENT,
                            TestSettings.trust(),
                            NOBODY_ASKS_BY_HIMSELF));
    private final FakeBase bad = rig.bases.join(FakeBase.of("bad"));
    private final FakeBase good = rig.bases.join(FakeBase.of("good"));
    private FaultyProxy proxy;

    @BeforeEach
    void bothAreKnown() {
        proxy = FaultyProxy.before(rig.bases.address(bad));
        rig.finder.found(proxy.address());
        rig.heard.await(bad.id(), BaseSeen.class);
        allAreClosed();
        assertThat(rig.bases.heartbeat(good, rig.endpoint())).isEqualTo(200);
    }

    @AfterEach
    void close() {
        proxy.close();
        rig.close();
    }

    @Test
    void aRefusedConnectionIsUnavailableAtOnce() {
        proxy.fault(new Fault.Refuses());

        assertUnavailable(INSTALL);
        theGoodOneIsServed();
        assertThat(bad.modules()).isEmpty();
    }

    @Test
    void aBaseThatHangsAfterTheAcceptIsUnavailableAndNothingWasSent() {
        proxy.fault(new Fault.Hangs());

        CompletableFuture<Void> hung = send(INSTALL);
        theGoodOneIsServed();
        assertThatThrownBy(() -> hung.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(TunnelException.Unavailable.class);
        assertThat(proxy.requests()).isZero();
        proxy.fault(new Fault.None());
        comesBack();
        assertThat(bad.modules()).isEmpty();
    }

    @Test
    void aCommandThatIsNeverAnsweredTellsNothingAndFreesItsConnection() {
        proxy.fault(new Fault.Swallows());

        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        theGoodOneIsServed();
        allAreClosed();
        assertThat(proxy.requests()).isEqualTo(1);
        assertNothingIsTold();
    }

    @Test
    void anAnswerInDripsComesWholeOrNotAtAll() {
        proxy.fault(new Fault.Drips(Duration.ofMillis(1)));
        assertThat(rig.send(bad.id(), new Command.QueryModules(), PATIENCE))
                .succeedsWithin(PATIENCE);
        rig.heard.await(bad.id(), ModulesReported.class);

        proxy.fault(new Fault.Drips(Duration.ofMillis(20))); // an answer has 400 bytes
        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        theGoodOneIsServed();
        allAreClosed();
        assertNothingIsTold();
    }

    @Test
    void aDialThatIsGivenUpLeavesNoConnectionBehind() {
        proxy.fault(new Fault.SpeaksFirst(new byte[0]));

        assertThatThrownBy(() -> send(INSTALL).get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(TunnelException.Unavailable.class);
        allAreClosed();
        assertThat(bad.modules()).isEmpty();
    }

    @Test
    void aResetInTheMiddleOfAnAnswerIsCountedAndTellsNothing() {
        proxy.fault(new Fault.Resets(40));

        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        counted("broken-off");
        theGoodOneIsServed();
    }

    @Test
    void anAnswerOf50MegabytesIsCountedAndItsConnectionClosed() {
        proxy.fault(new Fault.Floods(50L << 20));

        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        theGoodOneIsServed();
        counted("too-large");
        allAreClosed();
    }

    @Test
    void garbageIsMalformed() {
        proxy.fault(says("HTTP/1.1 200 OK\r\n\r\n{\"code\":"));
        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        counted("malformed");

        proxy.fault(says("\u0000\u0001\u0002 what is that\r\n\r\n"));
        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        counted("broken-off");
        theGoodOneIsServed();
    }

    @Test
    void anotherStatusThan200IsCounted() {
        proxy.fault(says("HTTP/1.1 500 Internal Server Error\r\n\r\n{\"code\":\"SUCCESS\"}"));
        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        counted("status");
        theGoodOneIsServed();
    }

    @Test
    void aRedirectIsNotFollowed() {
        String elsewhere = rig.bases.address(good).toString();
        proxy.fault(
                says(
                        "HTTP/1.1 307 Temporary Redirect\r\nLocation: http://"
                                + elsewhere
                                + "/health\r\n\r\n"));
        assertThat(send(HEALTH)).succeedsWithin(PATIENCE);
        counted("status");
        assertThat(good.commands()).isEmpty();
    }

    @Test
    void aServerThatSpeaksHttp2IsUnavailable() {
        byte[] settings = {0, 0, 0, 4, 0, 0, 0, 0, 0};
        proxy.fault(new Fault.SpeaksFirst(settings));

        assertUnavailable(INSTALL);
        theGoodOneIsServed();
    }

    @Test
    void anAnswerOfAnotherBaseIsCountedAndTellsNothing() {
        proxy.fault(
                says(
                        "HTTP/1.1 200 OK\r\n\r\n{\"baseIdentity\":\"other\",\"code\":\"SUCCESS\","
                                + "\"data\":{\"code\":\"SUCCESS\"}}"));

        assertThat(send(INSTALL)).succeedsWithin(PATIENCE);
        counted("identity");
        assertThat(rig.heard.of(new BaseId("other"), CommandAnswered.class)).isEmpty();
        theGoodOneIsServed();
    }

    @Test
    void aBaseThatSaysNoBeforeItHasTheCommandIsUnavailable() {
        proxy.fault(new Fault.SpeaksFirst(ascii("HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n")));

        assertUnavailable(INSTALL);
    }

    @Test
    void afterThreeFailuresCommandsAreRefusedWithoutADialAndThenItHeals() {
        proxy.fault(new Fault.Refuses());
        for (int i = 0; i < 3; i++) {
            assertUnavailable(HEALTH);
        }
        proxy.fault(new Fault.None());
        int dials = proxy.accepted();
        assertUnavailable(HEALTH);
        assertThat(proxy.accepted()).isEqualTo(dials);
        comesBack();
    }

    @Test
    void aHeartbeatClosesTheCircuit() {
        rig.bases.leave(good);
        for (int i = 0; i < 3; i++) {
            assertThat(rig.send(good.id(), HEALTH)).failsWithin(PATIENCE);
        }
        proxy.fault(new Fault.Refuses());
        for (int i = 0; i < 3; i++) {
            assertUnavailable(HEALTH);
        }
        proxy.fault(new Fault.None());
        byte[] beat =
                """
                {"baseMetadata":{"identity":"bad"},"localIP":"%s","port":%d}\
                """
                        .formatted(proxy.address().ip(), proxy.address().port())
                        .getBytes(StandardCharsets.UTF_8);

        assertThat(rig.bases.post(bad, rig.endpoint(), "/heartbeat", beat)).isEqualTo(200);

        assertThat(send(HEALTH)).succeedsWithin(PATIENCE);
    }

    @Test
    void hundredHungCommandsDelayNobody() {
        proxy.fault(new Fault.Swallows());
        List<CompletableFuture<Void>> hung =
                IntStream.range(0, 100)
                        .mapToObj(_ -> rig.send(bad.id(), HEALTH, TTL.multipliedBy(2)))
                        .toList();

        for (int i = 0; i < 20; i++) {
            theGoodOneIsServed();
        }
        assertThat(hung).as("they wait still").anyMatch(one -> !one.isDone());
        assertThat(proxy.open()).as("connections to one base").isLessThanOrEqualTo(8);
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> hung.stream().allMatch(CompletableFuture::isDone));
        assertThat(hung)
                .filteredOn(CompletableFuture::isCompletedExceptionally)
                .as("those that never had a connection")
                .hasSizeGreaterThan(80)
                .allSatisfy(one ->
                        assertThat(one.exceptionNow())
                                .isInstanceOf(TunnelException.Unavailable.class));
    }

    private CompletableFuture<Void> send(Command command) {
        return rig.send(bad.id(), command, TTL);
    }

    /** Without waiting for an answer, which might take an hour. */
    private void assertUnavailable(Command command) {
        CompletableFuture<Void> sent = rig.send(bad.id(), command, Duration.ofHours(1));
        assertThatThrownBy(() -> sent.get(PATIENCE.toSeconds(), TimeUnit.SECONDS))
                .hasCauseInstanceOf(TunnelException.Unavailable.class);
    }

    private void theGoodOneIsServed() {
        int before = rig.heard.of(good.id(), HealthReported.class).size();
        rig.sent(good.id(), HEALTH);
        rig.heard.await(good.id(), HealthReported.class, before + 1);
    }

    private void comesBack() {
        Awaitility.await()
                .atMost(PATIENCE)
                .until(() -> {
                    Message message = new Message(bad.id(), HEALTH, TTL, () -> true);
                    return !rig.tunnel
                            .send(message)
                            .toCompletableFuture()
                            .handle((_, failure) -> failure != null)
                            .get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
                });
        rig.heard.await(bad.id(), HealthReported.class);
    }

    private void counted(String reason) {
        Awaitility.await().atMost(PATIENCE).until(() -> rig.counters.count(reason) == 1);
        assertNothingIsTold();
    }

    private void allAreClosed() {
        Awaitility.await().atMost(PATIENCE).until(() -> proxy.open() == 0);
    }

    private void assertNothingIsTold() {
        assertThat(rig.heard.of(bad.id(), CommandAnswered.class)).isEmpty();
        assertThat(rig.heard.of(bad.id(), HealthReported.class)).isEmpty();
    }

    private static Fault.Says says(String answer) {
        return new Fault.Says(ascii(answer));
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
