package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.HealthReported;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Commands run on a base's event loops; those that are busy must neither lose nor run anything. */
@Timeout(180)
class BlockedLoopsIT {
    private static final Duration TTL = Duration.ofSeconds(30);

    /** Finds a free loop soon, and goes on looking for one while the machine is busy. */
    private static final Client IMPATIENT =
            new Client(
                    Duration.ofMillis(100),
                    200,
                    8,
                    2,
                    128,
                    8 << 20,
                    3,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(10));

    @Test
    void healthFindsAFreeLoopWhileInstallsBlockTheOthers() {
        try (Rig rig = rig(IMPATIENT, HttpFakeBases.open(4))) {
            FakeBase base = joined(rig);
            hangingInstalls(rig, base, 2);
            Awaitility.await().atMost(TTL).until(() -> base.commands().size() == 2);
            for (int i = 1; i <= 20; i++) {
                assertThat(rig.send(base.id(), new Command.QueryHealth(), TTL)).succeedsWithin(TTL);
                rig.heard.await(base.id(), HealthReported.class, i);
            }
            assertThat(rig.heard.of(base.id(), CommandAnswered.class)).isEmpty();
        }
    }

    @Test
    void installsThatWaitDoNotTakeTheLastLoops() {
        try (Rig rig = rig(IMPATIENT, HttpFakeBases.open(4))) {
            FakeBase base = joined(rig);
            List<CompletableFuture<Void>> sent = hangingInstalls(rig, base, 10);
            Awaitility.await().atMost(TTL).until(() -> base.commands().size() == 2);
            assertThat(rig.send(base.id(), new Command.QueryHealth(), TTL)).succeedsWithin(TTL);
            assertThat(base.commands()).filteredOn("installBiz"::equals).hasSize(2);
            Awaitility.await()
                    .atMost(TTL)
                    .until(() -> sent.stream().filter(CompletableFuture::isDone).count() == 2);
        }
    }

    @Test
    void whenEveryLoopIsBlockedNothingIsSent() {
        Client many =
                new Client(
                        Duration.ofMillis(100),
                        3,
                        8,
                        4,
                        128,
                        8 << 20,
                        3,
                        Duration.ofMillis(500),
                        Duration.ofSeconds(10));
        try (Rig rig = rig(many, HttpFakeBases.open(2))) {
            FakeBase base = joined(rig);
            FakeBase other = joined(rig, "other");
            hangingInstalls(rig, base, 2);
            Awaitility.await().atMost(TTL).until(() -> base.commands().size() == 2);

            CompletableFuture<Void> third =
                    rig.send(base.id(), new Command.Uninstall(new ModuleRef("m", "1")), TTL);
            rig.sent(other.id(), new Command.QueryHealth());
            rig.heard.await(other.id(), HealthReported.class);
            assertThat(third)
                    .failsWithin(TTL)
                    .withThrowableOfType(ExecutionException.class)
                    .withCauseInstanceOf(TunnelException.Unavailable.class);
            assertThat(base.commands()).containsExactly("installBiz", "installBiz");
        }
    }

    @Test
    void tenInstallsEndOneAfterTheOther() {
        try (Rig rig = rig(IMPATIENT, HttpFakeBases.open(4))) {
            FakeBase base = joined(rig);
            for (int i = 0; i < 10; i++) {
                base.install(
                        "file:///" + i + ".jar",
                        new InstallBehaviour.Starts(Duration.ofMillis(100)));
                rig.send(base.id(), install(i), TTL);
            }
            rig.heard.await(base.id(), CommandAnswered.class, 10);
            assertThat(base.modules()).hasSize(10);
        }
    }

    private static List<CompletableFuture<Void>> hangingInstalls(
            Rig rig, FakeBase base, int count) {
        return IntStream.range(0, count)
                .mapToObj(i -> {
                    base.install("file:///" + i + ".jar", new InstallBehaviour.Hangs());
                    return rig.send(base.id(), install(i), TTL);
                })
                .toList();
    }

    private static Command install(int i) {
        return new Command.Install(
                new ModuleRef("m" + i, "1"), URI.create("file:///" + i + ".jar"));
    }

    private static FakeBase joined(Rig rig) {
        return joined(rig, "base-1");
    }

    private static FakeBase joined(Rig rig, String id) {
        FakeBase base = rig.bases.join(FakeBase.of(id));
        assertThat(rig.bases.heartbeat(base, rig.endpoint())).isEqualTo(200);
        rig.heard.await(base.id(), BaseSeen.class);
        return base;
    }

    private static Rig rig(Client client, HttpFakeBases bases) {
        return new Rig(
                new HttpSettings(
                        TestSettings.receiver(),
                        client,
                        TestSettings.trust(),
                        Discovery.defaults()),
                bases,
                List.of());
    }
}
