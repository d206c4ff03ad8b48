package io.koupleless.controller.probe;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.Target;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Probes over real sockets. */
class NetworkProberIT {
    private static final Duration SECOND = Duration.ofSeconds(1);

    /** Whoever answers at all answers sooner, on a machine that does other things too. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private static final String LOCAL = "127.0.0.1";

    private final NetworkProber prober = new NetworkProber(16, "kube-probe/test");
    private final Map<String, String> headers = new ConcurrentHashMap<>();
    private final List<Socket> held = new ArrayList<>();
    private HttpServer server;
    private int port;

    @BeforeEach
    void serve() throws IOException {
        server = HttpServer.create(new InetSocketAddress(LOCAL, 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::answer);
        server.start();
        port = server.getAddress().getPort();
    }

    /** The path says what is answered. */
    private void answer(HttpExchange exchange) throws IOException {
        exchange.getRequestHeaders()
                .forEach((name, values) -> headers.put(name, values.getFirst()));
        String[] path = exchange.getRequestURI().getPath().split("/");
        if (path[1].equals("to")) {
            exchange.getResponseHeaders().set("Location", exchange.getRequestURI().getQuery());
            exchange.sendResponseHeaders(302, -1);
        } else {
            exchange.sendResponseHeaders(Integer.parseInt(path[1]), -1);
        }
        exchange.close();
    }

    @AfterEach
    void stop() throws IOException {
        prober.close();
        server.stop(0);
        for (Socket socket : held) {
            socket.close();
        }
    }

    private CheckResult ask(Target target, Duration timeout) throws Exception {
        CompletableFuture<CheckResult> result = new CompletableFuture<>();
        prober.check(target, timeout, result::complete);
        return result.get(60, TimeUnit.SECONDS);
    }

    private CheckResult get(String path, Check.Header... headers) throws Exception {
        return ask(new Target.Http(false, LOCAL, port, path, List.of(headers)), PATIENCE);
    }

    @ParameterizedTest
    @CsvSource({
        "200, true",
        "204, true",
        "399, true",
        "304, true",
        "400, false",
        "404, false",
        "503, false"
    })
    void from200To399IsGood(int status, boolean good) throws Exception {
        CheckResult result = get("/" + status);
        if (good) {
            assertThat(result).isInstanceOf(CheckResult.Good.class);
        } else {
            assertThat(result)
                    .isEqualTo(
                            new CheckResult.Bad(
                                    "HTTP probe failed with statuscode: " + status,
                                    CheckResult.Speaker.PROCESS));
        }
    }

    @Test
    void redirectsAreFollowedOnTheSameHostOnly() throws Exception {
        assertThat(get("/to/?/500")).isInstanceOf(CheckResult.Bad.class);
        assertThat(get("/to/?/200")).isEqualTo(new CheckResult.Good(""));
        assertThat(get("/to/?http://198.51.100.1/500"))
                .isEqualTo(new CheckResult.Good("redirects to another host"));
        assertThat(get("/to/?/to/?"))
                .as("in circles")
                .isEqualTo(
                        new CheckResult.Bad(
                                "stopped after 10 redirects", CheckResult.Speaker.PROCESS));
    }

    @Test
    void headersAreThoseOfAKubeletAndThenThePods() throws Exception {
        get("/200");
        assertThat(headers)
                .containsEntry("User-agent", "kube-probe/test")
                .containsEntry("Accept", "*/*")
                .containsEntry("Connection", "close");

        headers.clear();
        get(
                "/200",
                new Check.Header("Host", "shop.example"),
                new Check.Header("accept", ""),
                new Check.Header("X-Probe", "yes"));
        assertThat(headers)
                .containsEntry("Host", "shop.example")
                .containsEntry("X-probe", "yes")
                .doesNotContainKey("Accept");
    }

    @Test
    void aRefusedConnectionIsAnAnswerAndSilenceIsNone() throws Exception {
        int nobody = port;
        server.stop(0);
        assertThat(ask(new Target.Tcp(LOCAL, nobody), PATIENCE))
                .isInstanceOfSatisfying(
                        CheckResult.Bad.class,
                        bad -> assertThat(bad.speaker()).isEqualTo(CheckResult.Speaker.MACHINE));
        assertThat(get("/200"))
                .isInstanceOfSatisfying(
                        CheckResult.Bad.class,
                        bad -> assertThat(bad.speaker()).isEqualTo(CheckResult.Speaker.MACHINE));
        server = HttpServer.create(new InetSocketAddress(LOCAL, 0), 0);

        try (ServerSocket mute = new ServerSocket(0, 10, InetAddress.getByName(LOCAL))) {
            Target hung = new Target.Http(false, LOCAL, mute.getLocalPort(), "/", List.of());
            long begun = System.nanoTime();
            assertThat(ask(hung, SECOND))
                    .isInstanceOfSatisfying(
                            CheckResult.Bad.class,
                            bad -> assertThat(bad.speaker()).isEqualTo(CheckResult.Speaker.NOBODY));
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(SECOND.minusMillis(50), PATIENCE);
        }
    }

    @Test
    void aTcpProbeNeedsOnlyAConnection() throws Exception {
        assertThat(ask(new Target.Tcp(LOCAL, port), PATIENCE)).isEqualTo(new CheckResult.Good(""));
    }

    @Test
    void whatCannotBeAskedBlamesNobody() throws Exception {
        assertThat(get("/200", new Check.Header("bad name", "x")))
                .isInstanceOf(CheckResult.Unasked.class);
        assertThat(get("/200", new Check.Header("X", "line\nbreak")))
                .isInstanceOf(CheckResult.Unasked.class);
        assertThat(ask(new Target.Http(false, "no host", port, "/", List.of()), PATIENCE))
                .isInstanceOf(CheckResult.Unasked.class);
    }

    @Test
    void aHungBaseHoldsBackNobodyElse() throws Exception {
        try (ServerSocket mute = new ServerSocket(0, 50, InetAddress.getByName(LOCAL))) {
            List<CompletableFuture<CheckResult>> hung = new ArrayList<>();
            // As many as a virtual node lets out for one base.
            for (int i = 0; i < 8; i++) {
                CompletableFuture<CheckResult> result = new CompletableFuture<>();
                hung.add(result);
                prober.check(
                        new Target.Http(false, LOCAL, mute.getLocalPort(), "/", List.of()),
                        Duration.ofMinutes(5),
                        result::complete);
            }
            for (int i = 0; i < 50; i++) {
                assertThat(get("/200")).isInstanceOf(CheckResult.Good.class);
            }
            assertThat(hung).noneMatch(CompletableFuture::isDone);
        }
    }
}
