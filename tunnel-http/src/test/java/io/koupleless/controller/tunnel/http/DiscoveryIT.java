package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.testkit.tunnel.ArkletRuntime;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent.BaseGone;
import io.koupleless.controller.tunnel.TunnelEvent.BaseLeaving;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.TunnelEvent.CommandAnswered;
import io.koupleless.controller.tunnel.TunnelEvent.HealthReported;
import io.koupleless.controller.tunnel.TunnelEvent.ModulesReported;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import io.koupleless.controller.tunnel.http.HttpSettings.Trust;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bases that announce nothing are found, asked at a measured pace, and forgotten. */
@Timeout(120)
class DiscoveryIT {
    private static final Duration PERIOD = Duration.ofMillis(300);

    @Test
    void aFoundBaseIsSeenAndCanBeCommanded() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            rig.finder.found(rig.bases.address(base));

            BaseSeen seen = rig.heard.await(base.id(), BaseSeen.class);
            assertThat(seen.seen().port()).isEqualTo(rig.bases.address(base).port());
            ModuleRef biz = new ModuleRef("biz1", "1");
            rig.sent(base.id(), new Command.Install(biz, URI.create("file:///biz1.jar")));
            assertThat(rig.heard.await(base.id(), CommandAnswered.class).answer())
                    .isInstanceOf(Answer.Done.class);
            rig.sent(base.id(), new Command.QueryModules());
            assertThat(rig.heard.await(base.id(), ModulesReported.class).modules()).hasSize(1);
        }
    }

    @Test
    void whatWasNotAskedForByTheCoreIsNotTold() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            rig.finder.found(rig.bases.address(base));

            rig.heard.await(base.id(), BaseSeen.class, 4);
            assertThat(rig.heard.of(base.id(), HealthReported.class)).isEmpty();
        }
    }

    @Test
    void anOldRuntimeIsCalledByItsIpAndShownAsItsSourceSays() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("x"), ArkletRuntime.BEFORE_IDENTITIES);
            BaseAddress address = rig.bases.address(base);
            rig.finder.listener.found(new FoundBase(address, "orders", "2", "c", "pod-1"));

            BaseId id = new BaseId(address.ip());
            assertThat(rig.heard.await(id, BaseSeen.class).seen())
                    .isEqualTo(
                            new Base(
                                    id,
                                    "orders",
                                    "2",
                                    "c",
                                    address.ip(),
                                    "pod-1",
                                    address.port(),
                                    true));
            rig.sent(id, new Command.QueryHealth());
            rig.heard.await(id, HealthReported.class);
        }
    }

    @Test
    void aBaseThatStartsIsAskedAgainQuickly() {
        Discovery inAnHour =
                new Discovery(
                        Duration.ofHours(1),
                        Duration.ofSeconds(10),
                        Duration.ofMillis(200),
                        Duration.ofSeconds(30),
                        Duration.ofHours(1),
                        10);
        try (Rig rig = new Rig(TestSettings.local(inAnHour))) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            BaseAddress address = rig.bases.address(base);
            rig.bases.leave(base);
            rig.finder.found(address);
            Awaitility.await().pollDelay(Duration.ofMillis(500)).until(() -> true);

            rig.bases.join(base, address);

            rig.heard.await(base.id(), BaseSeen.class);
        }
    }

    @Test
    void aBaseThatOthersAskIsNotAskedTwice() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            rig.finder.found(rig.bases.address(base));
            rig.heard.await(base.id(), BaseSeen.class);
            int before = base.commands().size();

            int pauses = pausesBetween(30, () -> rig.sent(base.id(), new Command.QueryModules()));

            assertThat(base.commands().subList(before, base.commands().size()))
                    .filteredOn("health"::equals)
                    .as("one may have been on its way, and one come in each pause")
                    .hasSizeLessThanOrEqualTo(1 + pauses);
        }
    }

    @Test
    void aHeartbeatSparesTheQuestion() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            assertThat(rig.bases.heartbeat(base, rig.endpoint())).isEqualTo(200);
            rig.heard.await(base.id(), BaseSeen.class);
            rig.finder.found(rig.bases.address(base));

            int pauses =
                    pausesBetween(
                            25,
                            () ->
                                    assertThat(rig.bases.heartbeat(base, rig.endpoint()))
                                            .isEqualTo(200));

            assertThat(base.commands()).hasSizeLessThanOrEqualTo(2 + pauses);
        }
    }

    /**
     * Signs of life, six in a period.
     *
     * @return how often the machine let so much time pass between two of them that the base may
     *     have been asked meanwhile
     */
    private static int pausesBetween(int signs, Runnable sign) {
        int pauses = 0;
        long last = System.nanoTime();
        for (int i = 0; i < signs; i++) {
            long next = last + PERIOD.toNanos() / 6;
            Awaitility.await()
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(5))
                    .until(() -> System.nanoTime() - next >= 0);
            sign.run();
            long now = System.nanoTime();
            pauses += now - last > PERIOD.toNanos() / 2 ? 1 : 0;
            last = now;
        }
        return pauses;
    }

    @Test
    void aLeavingAndAGoneBaseAreToldUnderTheirName() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            BaseAddress address = rig.bases.address(base);
            rig.finder.found(address);
            rig.heard.await(base.id(), BaseSeen.class);

            rig.finder.listener.leaving(address);
            rig.heard.await(base.id(), BaseLeaving.class);
            rig.finder.listener.gone(address);
            rig.heard.await(base.id(), BaseGone.class);

            rig.heard.forget();
            assertThat(rig.send(base.id(), new Command.QueryHealth())).failsWithin(Rig.TTL);
            Awaitility.await()
                    .during(PERIOD.multipliedBy(3))
                    .until(() -> rig.heard.events().isEmpty());
        }
    }

    @Test
    void aPodRecreatedWithTheSameAddressIsAnotherBase() {
        try (Rig rig = new Rig(quick())) {
            FakeBase first = rig.bases.join(FakeBase.of("base-1"));
            BaseAddress address = rig.bases.address(first);
            rig.finder.found(address);
            rig.heard.await(first.id(), BaseSeen.class);
            rig.bases.leave(first);
            rig.finder.listener.gone(address);

            FakeBase second = rig.bases.join(FakeBase.of("base-2"), address);
            rig.finder.found(address);

            rig.heard.await(second.id(), BaseSeen.class);
            assertThat(rig.heard.of(first.id(), BaseGone.class)).hasSize(1);
        }
    }

    @Test
    void aNodesAddressIsRemembered() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("x"), ArkletRuntime.BEFORE_IDENTITIES);
            BaseAddress address = rig.bases.address(base);
            Base remembered =
                    new Base(
                            new BaseId("orders-7"),
                            "n",
                            "v",
                            "c",
                            address.ip(),
                            "h",
                            address.port(),
                            true);

            rig.tunnel.remember(remembered);

            assertThat(rig.heard.await(remembered.id(), BaseSeen.class).seen())
                    .isEqualTo(remembered);
        }
    }

    @Test
    void aHeartbeatOfAFoundBaseUnderAnotherNameIsAnAlias() {
        try (Rig rig = new Rig(quick())) {
            FakeBase base = rig.bases.join(FakeBase.of("x"), ArkletRuntime.BEFORE_IDENTITIES);
            BaseAddress address = rig.bases.address(base);
            BaseId id = new BaseId(address.ip());
            rig.finder.found(address);
            rig.heard.await(id, BaseSeen.class);

            assertThat(rig.bases.heartbeat(base, rig.endpoint())).isEqualTo(200);

            Awaitility.await()
                    .atMost(Rig.TTL)
                    .until(() ->
                            rig.heard.of(id, BaseSeen.class).stream()
                                    .anyMatch(seen -> seen.seen().name().equals("base-demo")));
            assertThat(rig.heard.of(base.id(), BaseSeen.class)).isEmpty();
        }
    }

    @Test
    void addressesThatAreNeverCalledAreNotAsked() {
        HttpSettings settings =
                new HttpSettings(
                        TestSettings.receiver(),
                        Client.defaults(),
                        new Trust(null, false, List.of(), false),
                        Discovery.defaults());
        try (Rig rig = new Rig(settings)) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            rig.finder.found(rig.bases.address(base));

            Awaitility.await()
                    .during(Duration.ofMillis(500))
                    .until(() -> rig.bases.requests(base) == 0);
        }
    }

    @Test
    void severalSourcesAtOnce() {
        HttpFakeBases bases = HttpFakeBases.open();
        FakeBase written = bases.join(FakeBase.of("written"));
        FakeBase named = bases.join(FakeBase.of("named"));
        InetAddress ip = InetAddress.ofLiteral(bases.address(named).ip());
        DnsSource dns =
                new DnsSource(
                        List.of("bases:" + bases.address(named).port()),
                        Duration.ofMillis(50),
                        _ -> new InetAddress[] {ip},
                        System::nanoTime);
        StaticSource list = new StaticSource(List.of(bases.address(written).toString()));
        try (Rig rig = new Rig(quick(), bases, List.of(dns, list))) {
            rig.heard.await(written.id(), BaseSeen.class);
            rig.heard.await(named.id(), BaseSeen.class);
        }
    }

    @Test
    void manyBasesCostNoThreads() {
        try (Rig rig = new Rig(quick())) {
            find(rig, 0, 10);
            int before = ManagementFactory.getThreadMXBean().getThreadCount();
            find(rig, 10, 300);
            assertThat(ManagementFactory.getThreadMXBean().getThreadCount())
                    .isLessThanOrEqualTo(before + 8);
        }
    }

    @Test
    void withoutAReceiverBasesAreOnlyLookedFor() {
        HttpSettings settings =
                new HttpSettings(
                        TestSettings.receiver().withPort(-1),
                        Client.defaults(),
                        TestSettings.trust(),
                        Discovery.defaults());
        try (Rig rig = new Rig(settings)) {
            FakeBase base = rig.bases.join(FakeBase.of("base-1"));
            rig.finder.found(rig.bases.address(base));
            rig.heard.await(base.id(), BaseSeen.class);
            assertThat(rig.tunnel.port()).isZero();
        }
    }

    private static void find(Rig rig, int from, int to) {
        List<FakeBase> bases =
                IntStream.range(from, to)
                        .mapToObj(i -> rig.bases.join(FakeBase.of("base-" + i)))
                        .toList();
        bases.forEach(base -> rig.finder.found(rig.bases.address(base)));
        bases.forEach(base -> rig.heard.await(base.id(), BaseSeen.class));
    }

    private static HttpSettings quick() {
        return TestSettings.local(
                new Discovery(
                        PERIOD,
                        PERIOD,
                        Duration.ofMillis(20),
                        Duration.ofSeconds(1),
                        Duration.ofHours(1),
                        5_000));
    }
}
