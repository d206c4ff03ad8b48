package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.testkit.tunnel.ManualTicker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Addresses that were written down, and names. */
class SourcesTest {
    private final Map<String, List<String>> zone = new ConcurrentHashMap<>();
    private final AtomicInteger lookUps = new AtomicInteger();
    private final ManualTicker ticker = new ManualTicker();
    private final Heard heard = new Heard();
    private DnsSource dns;

    @AfterEach
    void close() {
        if (dns != null) {
            dns.close();
        }
    }

    @Test
    void writtenAddressesAreFoundOnce() {
        new StaticSource(List.of("10.0.0.1:1238", "[fd00::1]:1239")).start(heard);

        assertThat(heard.said).containsExactly("found 10.0.0.1:1238", "found [fd00::1]:1239");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "10.0.0.1",
                "10.0.0.1:0",
                "10.0.0.1:x",
                ":1238",
                "fd00::1:1238",
                "bases:1238",
                ""
            })
    void whatIsNoAddressIsRefused(String text) {
        assertThatThrownBy(() -> new StaticSource(List.of(text)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void everyAddressOfANameIsABase() {
        zone.put("bases", List.of("10.0.0.1", "10.0.0.2"));
        look("bases:1238");

        await("found 10.0.0.1:1238", "found 10.0.0.2:1238");
    }

    @Test
    void newAddressesAreFoundAndVanishedOnesLost() {
        zone.put("bases", List.of("10.0.0.1", "10.0.0.2"));
        look("bases:1238");
        await("found 10.0.0.1:1238", "found 10.0.0.2:1238");

        zone.put("bases", List.of("10.0.0.2", "10.0.0.3"));

        await(
                "found 10.0.0.1:1238",
                "found 10.0.0.2:1238",
                "found 10.0.0.3:1238",
                "lost 10.0.0.1:1238");
    }

    @Test
    void aNameThatIsNotFoundForLongLosesItsAddresses() {
        zone.put("bases", List.of("10.0.0.1"));
        look("bases:1238");
        await("found 10.0.0.1:1238");

        zone.remove("bases");
        awaitLookUps(10);
        await("found 10.0.0.1:1238");
        ticker.advance(Duration.ofSeconds(30));

        await("found 10.0.0.1:1238", "lost 10.0.0.1:1238");
    }

    @Test
    void aNameThatIsFoundAgainInTimeHasLostNothing() {
        zone.put("bases", List.of("10.0.0.1"));
        look("bases:1238");
        await("found 10.0.0.1:1238");

        for (int i = 0; i < 3; i++) {
            zone.remove("bases");
            awaitLookUps(3);
            ticker.advance(Duration.ofSeconds(29));
            zone.put("bases", List.of("10.0.0.1"));
            awaitLookUps(3);
        }
        zone.put("bases", List.of("10.0.0.1", "10.0.0.2"));

        await("found 10.0.0.1:1238", "found 10.0.0.2:1238");
    }

    private void awaitLookUps(int count) {
        int goal = lookUps.get() + count;
        Awaitility.await().until(() -> lookUps.get() >= goal);
    }

    @Test
    void anAddressThatAnotherNameStillHasIsNotLost() {
        zone.put("one", List.of("10.0.0.1", "10.0.0.9"));
        zone.put("two", List.of("10.0.0.1"));
        look("one:1238", "two:1238");
        await("found 10.0.0.1:1238", "found 10.0.0.1:1238", "found 10.0.0.9:1238");

        zone.put("one", List.of("10.0.0.8"));

        await(
                "found 10.0.0.1:1238",
                "found 10.0.0.1:1238",
                "found 10.0.0.8:1238",
                "found 10.0.0.9:1238",
                "lost 10.0.0.9:1238");
    }

    private void look(String... names) {
        dns = new DnsSource(List.of(names), Duration.ofMillis(10), this::resolve, ticker);
        dns.start(heard);
    }

    private InetAddress[] resolve(String host) throws UnknownHostException {
        lookUps.incrementAndGet();
        List<String> addresses = zone.get(host);
        if (addresses == null) {
            throw new UnknownHostException(host);
        }
        return addresses.stream().map(InetAddress::ofLiteral).toArray(InetAddress[]::new);
    }

    private void await(String... said) {
        Awaitility.await()
                .untilAsserted(() ->
                        assertThat(heard.said.stream().sorted())
                                .containsExactlyElementsOf(Stream.of(said).sorted().toList()));
    }

    private static final class Heard implements BaseSourceListener {
        final List<String> said = new CopyOnWriteArrayList<>();

        @Override
        public void found(FoundBase base) {
            said.add("found " + base.address());
        }

        @Override
        public void leaving(BaseAddress address) {
            said.add("leaving " + address);
        }

        @Override
        public void gone(BaseAddress address) {
            said.add("gone " + address);
        }

        @Override
        public void lost(BaseAddress address) {
            said.add("lost " + address);
        }
    }
}
