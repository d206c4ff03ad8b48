package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.JavaCommand;
import io.koupleless.controller.testkit.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Names at a real name server, through the JDK's and the system's own resolver. The system's
 * resolver asks port 53 of whom {@code /etc/resolv.conf} names, so the process that looks up has a
 * network and a view of files of its own; where the system grants no such thing nothing is tested.
 */
@Timeout(240)
class DnsSourceIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** Becomes a name server's client, then the command that follows. */
    private static final String APART =
            "ip link set lo up && mount --bind \"$0\" /etc/resolv.conf && exec \"$@\"";

    private static final String RESOLVER =
            """
            nameserver 127.0.0.1
            options timeout:5 attempts:1
            """;

    /** The JDK would answer from its memory, for 30 s. */
    private static final String FORGETFUL =
            """
            networkaddress.cache.ttl=0
            networkaddress.cache.negative.ttl=0
            """;

    @TempDir private Path directory;
    private ChildProcess process;

    @BeforeEach
    void aProcessOfItsOwnWorldLooksUp() throws Exception {
        Path resolver = Files.writeString(directory.resolve("resolv.conf"), RESOLVER);
        assumeTrue(apart(resolver, "true").start().waitFor() == 0, "no namespaces for this user");
        Path forgetful = Files.writeString(directory.resolve("java.security"), FORGETFUL);
        serve("10.0.0.1", "10.0.0.2");
        process =
                ChildProcess.start(
                        new Launch(
                                "look-ups",
                                log(),
                                apart(
                                                resolver,
                                                JavaCommand.path(),
                                                "-Djava.security.properties=" + forgetful,
                                                "-cp",
                                                System.getProperty("java.class.path"),
                                                NameLookups.class.getName(),
                                                zone().toString(),
                                                "bases.test:1238",
                                                "100")
                                        .command()));
    }

    @AfterEach
    void close() {
        if (process != null) {
            process.close();
        }
    }

    @Test
    void theAddressesOfANameAreFoundAndFollowed() throws Exception {
        awaitHeard("found 10.0.0.1:1238", "found 10.0.0.2:1238");

        serve("10.0.0.2", "10.0.0.3");
        awaitHeard(
                "found 10.0.0.1:1238",
                "found 10.0.0.2:1238",
                "found 10.0.0.3:1238",
                "lost 10.0.0.1:1238");
    }

    @Test
    void moreAddressesThanADatagramHoldsAreFound() throws Exception {
        List<String> many = IntStream.range(1, 201).mapToObj(i -> "10.0.0." + i).toList();

        serve(many.toArray(String[]::new));

        awaitHeard(many.stream().map(ip -> "found " + ip + ":1238").toArray(String[]::new));
    }

    @Test
    void aNameServerThatIsAwayForAMomentLosesNothing() throws Exception {
        awaitHeard("found 10.0.0.1:1238", "found 10.0.0.2:1238");

        Files.move(zone(), directory.resolve("away"));
        Awaitility.await().atMost(SOON).until(() -> heard("is not found"));
        serve("10.0.0.1", "10.0.0.2", "10.0.0.3");

        Awaitility.await().atMost(SOON).until(() -> heard("found 10.0.0.3:1238"));
        assertThat(said()).noneMatch(line -> line.startsWith("lost"));
    }

    private void serve(String... addresses) throws IOException {
        Path next = directory.resolve("next");
        Files.writeString(next, "bases.test " + String.join(" ", addresses) + "\n");
        Files.move(
                next, zone(), StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    private Path zone() {
        return directory.resolve("zone");
    }

    private Path log() {
        return directory.resolve("look-ups.log");
    }

    private static ProcessBuilder apart(Path resolver, String... command) {
        List<String> all = new ArrayList<>();
        all.addAll(List.of("unshare", "--user", "--map-root-user", "--mount", "--net"));
        all.addAll(List.of("sh", "-c", APART, resolver.toString()));
        all.addAll(List.of(command));
        return new ProcessBuilder(all);
    }

    private void awaitHeard(String... said) {
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> {
                    process.requireAlive();
                    assertThat(said()).containsExactlyInAnyOrder(said);
                });
    }

    private boolean heard(String part) throws IOException {
        process.requireAlive();
        return Files.readString(log()).contains(part);
    }

    private List<String> said() throws IOException {
        try (Stream<String> lines = Files.lines(log())) {
            return lines.filter(line -> line.matches("(found|lost|gone|leaving) .*")).toList();
        }
    }
}
