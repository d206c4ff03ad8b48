package io.koupleless.controller.tunnel.http;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Everything that {@link HttpTunnel} has to be told. */
public record HttpSettings(Receiver receiver, Client client, Trust trust, Discovery discovery) {

    public static HttpSettings defaults() {
        return new HttpSettings(
                Receiver.defaults(), Client.defaults(), Trust.defaults(), Discovery.defaults());
    }

    /**
     * Where heartbeats come in.
     *
     * @param host address to listen on; empty for all
     * @param port to listen on (7777); 0 takes any free one, -1 listens nowhere: bases are only
     *     looked for
     * @param maxBodyBytes of a request (65536)
     * @param patience with a client that sends nothing, and for its whole body (5 s)
     * @param maxConnections at a time; more wait in the kernel (4096)
     * @param requestsPerSecond from one address; a tenth of a minute's worth may come at once (500)
     */
    public record Receiver(
            String host,
            int port,
            int maxBodyBytes,
            Duration patience,
            int maxConnections,
            int requestsPerSecond) {
        public Receiver {
            require(port >= -1 && port <= 65_535, "port out of range", port);
            require(maxBodyBytes >= 1_024, "maxBodyBytes must be at least 1024", maxBodyBytes);
            requireBetween("patience", patience, Duration.ofMillis(100), Duration.ofMinutes(5));
            require(maxConnections >= 1, "maxConnections must be at least 1", maxConnections);
            require(
                    requestsPerSecond >= 1,
                    "requestsPerSecond must be at least 1",
                    requestsPerSecond);
        }

        public static Receiver defaults() {
            return new Receiver("", 7_777, 64 * 1_024, Duration.ofSeconds(5), 4_096, 500);
        }

        /** False when bases are only looked for. */
        public boolean listens() {
            return port >= 0;
        }

        /** The same on another port. */
        public Receiver withPort(int other) {
            return new Receiver(
                    host, other, maxBodyBytes, patience, maxConnections, requestsPerSecond);
        }
    }

    /**
     * How commands are posted.
     *
     * @param dialTimeout for connecting and for {@code 100 Continue} (500 ms, at most 4 s: the
     *     JDK's client would send the body by itself after 5 s)
     * @param dials attempts at a connection that answers so (6)
     * @param connectionsPerBase at a time (8)
     * @param changesPerBase installs and uninstalls at a time (2); fewer if the base's JVM has but
     *     one processor, since each of them blocks one of its two loops
     * @param waitingPerBase commands that wait for a connection (128); more are refused
     * @param maxAnswerBytes of one answer (8 MiB)
     * @param failuresToOpen commands in a row that found no connection, before the next ones are
     *     refused at once (3)
     * @param firstPause for how long they are, at first (500 ms); doubled and jittered
     * @param longestPause cap of that (10 s)
     */
    public record Client(
            Duration dialTimeout,
            int dials,
            int connectionsPerBase,
            int changesPerBase,
            int waitingPerBase,
            int maxAnswerBytes,
            int failuresToOpen,
            Duration firstPause,
            Duration longestPause) {
        public Client {
            requireBetween(
                    "dialTimeout", dialTimeout, Duration.ofMillis(10), Duration.ofSeconds(4));
            require(dials >= 1, "dials must be at least 1", dials);
            require(
                    connectionsPerBase >= 2,
                    "connectionsPerBase must be at least 2",
                    connectionsPerBase);
            require(
                    changesPerBase >= 1 && changesPerBase < connectionsPerBase,
                    "changesPerBase must be at least 1 and less than connectionsPerBase",
                    changesPerBase);
            require(waitingPerBase >= 0, "waitingPerBase must not be negative", waitingPerBase);
            require(
                    maxAnswerBytes >= 1_024,
                    "maxAnswerBytes must be at least 1024",
                    maxAnswerBytes);
            require(failuresToOpen >= 1, "failuresToOpen must be at least 1", failuresToOpen);
            requireBetween("firstPause", firstPause, Duration.ofMillis(1), longestPause);
            requireBetween("longestPause", longestPause, firstPause, Duration.ofHours(1));
        }

        public static Client defaults() {
            return new Client(
                    Duration.ofMillis(500),
                    6,
                    8,
                    2,
                    128,
                    8 << 20,
                    3,
                    Duration.ofMillis(500),
                    Duration.ofSeconds(10));
        }
    }

    /**
     * Whose heartbeats count, and which addresses may be called.
     *
     * @param tokenFile one token a line, any of which is accepted; null for none. Read again when
     *     it changes
     * @param requireToken false accepts a heartbeat without a token if the address in it is the
     *     sender's own or lies in {@code networks}
     * @param networks CIDRs such as {@code 10.0.0.0/8}
     * @param allowLoopback bases on this machine
     */
    public record Trust(
            @Nullable Path tokenFile,
            boolean requireToken,
            List<String> networks,
            boolean allowLoopback) {
        public Trust {
            networks = List.copyOf(networks);
            networks.forEach(Network::of);
            if (requireToken && tokenFile == null) {
                throw new IllegalArgumentException("requireToken needs a tokenFile");
            }
        }

        public static Trust defaults() {
            return new Trust(null, false, List.of(), false);
        }
    }

    /**
     * How bases are asked that a source has named.
     *
     * @param period between two questions to a base that nobody else asks (10 s)
     * @param answerTimeout for the answer to such a question (3 s)
     * @param firstRetry after a question without an answer (200 ms), then growing
     * @param slowestRetry cap of that (30 s)
     * @param forgetAfter an address that no source names and nobody hears of is forgotten (1 h)
     * @param maxBases addresses known at a time; more are refused (5000)
     */
    public record Discovery(
            Duration period,
            Duration answerTimeout,
            Duration firstRetry,
            Duration slowestRetry,
            Duration forgetAfter,
            int maxBases) {
        public Discovery {
            requireBetween("period", period, Duration.ofMillis(10), Duration.ofHours(1));
            requireBetween("answerTimeout", answerTimeout, Duration.ofMillis(10), period);
            requireBetween("firstRetry", firstRetry, Duration.ofMillis(1), slowestRetry);
            requireBetween("slowestRetry", slowestRetry, firstRetry, Duration.ofHours(1));
            requireBetween("forgetAfter", forgetAfter, slowestRetry, Duration.ofDays(7));
            require(maxBases >= 1, "maxBases must be at least 1", maxBases);
        }

        public static Discovery defaults() {
            return new Discovery(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(3),
                    Duration.ofMillis(200),
                    Duration.ofSeconds(30),
                    Duration.ofHours(1),
                    5_000);
        }
    }

    private static void require(boolean holds, String what, int value) {
        if (!holds) {
            throw new IllegalArgumentException(what + ": " + value);
        }
    }

    private static void requireBetween(String name, Duration value, Duration least, Duration most) {
        if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
            throw new IllegalArgumentException(
                    name + " must be " + least + " to " + most + ": " + value);
        }
    }
}
