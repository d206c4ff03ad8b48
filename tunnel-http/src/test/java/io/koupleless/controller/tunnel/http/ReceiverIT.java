package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.testkit.tunnel.RecordingCounters;
import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelEvent.BaseSeen;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import io.koupleless.controller.tunnel.http.HttpSettings.Receiver;
import io.koupleless.controller.tunnel.http.HttpSettings.Trust;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be posted by whom, on a real socket. */
@Timeout(120)
class ReceiverIT {
    private static final BaseId B1 = new BaseId("b1");
    private static final String TODAY =
            """
            {"baseMetadata":{"clusterName":"c","identity":"b1","name":"n","version":"v"},
             "localHostName":"h","localIP":"127.0.0.1","port":1238,"state":"activated"}\
            """;

    private final RecordingListener heard = new RecordingListener();
    private final RecordingCounters counters = new RecordingCounters();
    private HttpTunnel tunnel;

    @TempDir private Path directory;

    @AfterEach
    void close() {
        tunnel.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/heartbeat",
                "//heartbeat",
                "/heartbeat/",
                "//heartbeat//",
                "/heartbeat?a=b"
            })
    void aHeartbeatMayBePostedTo(String path) throws Exception {
        start(local());

        assertThat(post(path, TODAY)).startsWith("HTTP/1.1 200").endsWith("SUCCESS");
        assertThat(seen()).isEqualTo(new Base(B1, "n", "v", "c", "127.0.0.1", "h", 1238, true));
    }

    @Test
    void aHeartbeatNeedsNoContentType() throws Exception {
        start(local());

        String answer =
                raw(
                        """
                        POST /heartbeat HTTP/1.1\r
                        Host: x\r
                        Content-Length: %d\r
                        \r
                        %s\
                        """
                                .formatted(TODAY.length(), TODAY));
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void aHeartbeatMayComeInChunks() throws Exception {
        start(local());

        String answer =
                raw(
                        """
                        POST /heartbeat HTTP/1.1\r
                        Host: x\r
                        Transfer-Encoding: chunked\r
                        \r
                        %x\r
                        %s\r
                        0\r
                        \r
                        """
                                .formatted(TODAY.length(), TODAY));
        assertThat(answer).startsWith("HTTP/1.1 200");
    }

    @Test
    void whoWaitsToBeToldToGoOnIsTold() throws Exception {
        start(local());
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write(
                            "POST /heartbeat HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: %d\r\n\r\n"
                                    .formatted(TODAY.length())
                                    .getBytes(StandardCharsets.US_ASCII));
            InputStream answer = socket.getInputStream();
            assertThat(
                            new String(
                                    answer.readNBytes("HTTP/1.1 100".length()),
                                    StandardCharsets.US_ASCII))
                    .isEqualTo("HTTP/1.1 100");

            socket.getOutputStream().write(TODAY.getBytes(StandardCharsets.US_ASCII));

            assertThat(new String(answer.readAllBytes(), StandardCharsets.US_ASCII))
                    .contains("HTTP/1.1 200");
        }
    }

    @Test
    void aBodyInBadChunksIsMalformed() throws Exception {
        start(local());

        assertRefused(
                raw(
                        "POST /heartbeat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nnope\r\n"),
                400);
    }

    @Test
    void heartbeatsOfRuntime217And132HaveAnotherForm() throws Exception {
        start(local());

        assertThat(
                        post(
                                "/heartbeat",
                                """
                                {"baseID":"b1","masterBizInfo":{"name":"n","version":"v"},
                                 "networkInfo":{"localIP":"127.0.0.1","localHostName":"h",
                                 "arkletPort":1238},"state":"ACTIVATED"}\
                                """))
                .startsWith("HTTP/1.1 200");
        assertThat(seen()).isEqualTo(new Base(B1, "n", "v", "", "127.0.0.1", "h", 1238, true));
    }

    @Test
    void aHeartbeatWithoutAPortIsASignOfLife() throws Exception {
        start(local());

        post("/heartbeat", TODAY.replace("1238", "0"));

        assertThat(seen().port()).isZero();
    }

    @Test
    void aBaselineIsAskedForAndAnsweredWithNothing() throws Exception {
        start(local());

        assertThat(post("/queryBaseline", "{\"identity\":\"b1\",\"name\":\"n\",\"version\":\"v\"}"))
                .startsWith("HTTP/1.1 200")
                .endsWith("[]");
        assertThat(heard.await(B1, TunnelEvent.BaselineAsked.class)).isNotNull();
    }

    @ParameterizedTest
    @CsvSource({
        "GET,/heartbeat,405",
        "PUT,/heartbeat,405",
        "OPTIONS,/queryBaseline,405",
        "TRACE,/heartbeat,405",
        "GET,/,404",
        "POST,/nope,404",
        "POST,/heartbeat/x,404",
        "POST,/Heartbeat,404",
        "POST,/t/heartbeat,404"
    })
    void anythingElseIsRefusedInOneLine(String method, String path, int status) throws Exception {
        start(local());

        assertRefused(request(method, path, "", TODAY), status);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "[]", "{}", "{\"baseMetadata\":{\"identity\":\"\"}}"})
    void whatIsNoHeartbeatIsMalformed(String body) throws Exception {
        start(local());

        assertRefused(post("/heartbeat", body), 400);
        assertRefused(post("/queryBaseline", body), 400);
        assertThat(counters.count("malformed")).isEqualTo(2);
    }

    @Test
    void aTooLargeBodyIsRefusedBeforeItIsRead() throws Exception {
        start(local());

        assertRefused(
                raw("POST /heartbeat HTTP/1.1\r\nHost: x\r\nContent-Length: 70000\r\n\r\n"), 413);
        String chunk = "10000\r\n" + "x".repeat(65_536) + "\r\n1\r\nx\r\n0\r\n\r\n";
        assertRefused(
                raw(
                        "POST /heartbeat HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
                                + chunk),
                413);
    }

    @Test
    void whatIsNotHttpIsRefusedWithoutAPage() throws Exception {
        start(local());

        for (String garbage : List.of("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", "\u0001\u0002\r\n\r\n")) {
            assertThat(raw(garbage)).doesNotContain("200", "<html", "Tomcat", "\tat ");
        }
        assertThat(post("/heartbeat%2F..", TODAY)).doesNotContain("<html", "Tomcat", "\tat ");
    }

    @Test
    void whoSendsTooMuchIsSlowedDown() throws Exception {
        start(
                new HttpSettings(
                        new Receiver("", 0, 65_536, Duration.ofSeconds(2), 100, 1),
                        Client.defaults(),
                        TestSettings.trust(),
                        Discovery.defaults()));
        int taken = 0;
        String answer = post("/heartbeat", TODAY);
        while (answer.startsWith("HTTP/1.1 200")) {
            taken++;
            answer = post("/heartbeat", TODAY);
        }
        assertRefused(answer, 429);
        assertThat(taken).as("more while the machine is slow").isGreaterThanOrEqualTo(6);
        assertThat(counters.count("rate")).isEqualTo(1);
    }

    @Test
    void aSlowHeadOrBodyIsCutOff() throws Exception {
        start(local());
        for (Socket socket : slow(20)) {
            assertThat(socket.getInputStream().readAllBytes()).hasSizeLessThan(400);
            socket.close();
        }
    }

    @Test
    void slowHeadsAndBodiesDelayNobody() throws Exception {
        start(
                new HttpSettings(
                        new Receiver("", 0, 65_536, Duration.ofMinutes(5), 4_096, 500),
                        Client.defaults(),
                        TestSettings.trust(),
                        Discovery.defaults()));
        List<Socket> slow = slow(200);

        assertThat(post("/heartbeat", TODAY)).startsWith("HTTP/1.1 200");
        for (Socket socket : slow) {
            socket.close();
        }
    }

    /** Connections whose head or body does not come. */
    private List<Socket> slow(int count) throws IOException {
        List<Socket> slow = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            Socket socket = connect();
            slow.add(socket);
            socket.getOutputStream()
                    .write(
                            (i % 2 == 0
                                            ? "POST /heartb"
                                            : "POST /heartbeat HTTP/1.1\r\nHost: x\r\n"
                                                    + "Content-Length: 100\r\n\r\n{")
                                    .getBytes(StandardCharsets.US_ASCII));
        }
        return slow;
    }

    @Test
    void aHeadThatComesByteByByteIsCutOff() throws Exception {
        start(
                new HttpSettings(
                        new Receiver("", 0, 65_536, Duration.ofMillis(400), 100, 500),
                        Client.defaults(),
                        TestSettings.trust(),
                        Discovery.defaults()));
        try (Socket socket = connect()) {
            socket.getOutputStream()
                    .write("POST /heartbeat HTTP/1.1\r\nX: ".getBytes(StandardCharsets.US_ASCII));

            Awaitility.await("a byte every 50 ms is not taken for ever")
                    .atMost(Duration.ofSeconds(45))
                    .pollInterval(Duration.ofMillis(50))
                    .until(() -> isCut(socket));
        }
    }

    private static boolean isCut(Socket socket) {
        try {
            socket.getOutputStream().write('x');
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    @Test
    void theAddressMustBeTheSendersOwn() throws Exception {
        start(local());

        assertRefused(post("/heartbeat", TODAY.replace("127.0.0.1", "10.1.2.3")), 403);
        assertThat(heard.events()).hasSize(1);
        assertThat(counters.reasons()).containsExactly("address");
    }

    @Test
    void orOfAConfiguredNetwork() throws Exception {
        start(trusting(new Trust(null, false, List.of("10.0.0.0/8"), false)));

        assertThat(post("/heartbeat", TODAY.replace("127.0.0.1", "10.1.2.3")))
                .startsWith("HTTP/1.1 200");
        assertRefused(post("/heartbeat", TODAY), 403); // loopback
    }

    @Test
    void anUnknownAddressIsTheSenders() throws Exception {
        start(local());

        post("/heartbeat", TODAY.replace("127.0.0.1", "unknown"));

        assertThat(seen().ip()).isEqualTo("127.0.0.1");
    }

    @Test
    void aTokenMayBeAHeaderOrAPartOfThePath() throws Exception {
        start(trusting(new Trust(tokens("s3cret"), true, List.of(), false)));
        String elsewhere = TODAY.replace("127.0.0.1", "10.1.2.3");

        assertThat(request("POST", "/heartbeat", "Authorization: Bearer s3cret\r\n", elsewhere))
                .startsWith("HTTP/1.1 200");
        assertThat(request("POST", "/heartbeat", "Authorization: bearer s3cret\r\n", elsewhere))
                .startsWith("HTTP/1.1 200");
        assertThat(post("/t/s3cret/heartbeat", elsewhere)).startsWith("HTTP/1.1 200");
        assertThat(post("/t/s3cret//heartbeat/", elsewhere)).startsWith("HTTP/1.1 200");
        assertThat(post("/t/s3cret/queryBaseline", "{\"identity\":\"b1\"}"))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void aWrongOrMissingTokenIsRefused() throws Exception {
        start(trusting(new Trust(tokens("s3cret"), true, List.of(), true)));

        assertRefused(post("/heartbeat", TODAY), 401);
        assertRefused(post("/t/guess/heartbeat", TODAY), 401);
        assertRefused(request("POST", "/heartbeat", "Authorization: Bearer x\r\n", TODAY), 401);
        assertRefused(request("POST", "/heartbeat", "Authorization: Basic czpz\r\n", TODAY), 401);
        assertRefused(post("/queryBaseline", "{\"identity\":\"b1\"}"), 401);
        assertThat(counters.count("token")).isEqualTo(5);
        assertThat(heard.events()).hasSize(1);
    }

    @Test
    void aTokenOpensNoAddressThatIsNeverCalled() throws Exception {
        start(trusting(new Trust(tokens("s3cret"), true, List.of("0.0.0.0/0"), false)));

        for (String never : List.of("127.0.0.1", "169.254.169.254", "0.0.0.0", "224.0.0.1")) {
            assertRefused(post("/t/s3cret/heartbeat", TODAY.replace("127.0.0.1", never)), 403);
        }
    }

    @Test
    void aWrongTokenIsRefusedEvenWhereNoneIsNeeded() throws Exception {
        start(trusting(new Trust(tokens("s3cret"), false, List.of(), true)));

        assertThat(post("/heartbeat", TODAY)).startsWith("HTTP/1.1 200");
        assertRefused(post("/t/guess/heartbeat", TODAY), 401);
    }

    @Test
    void tokensAreReadAgain() throws Exception {
        Path file = tokens("old");
        start(trusting(new Trust(file, true, List.of(), true)));
        assertThat(post("/t/old/heartbeat", TODAY)).startsWith("HTTP/1.1 200");

        Files.writeString(file, "new");

        Awaitility.await()
                .atMost(Duration.ofSeconds(45))
                .untilAsserted(() ->
                        assertThat(post("/t/new/heartbeat", TODAY)).startsWith("HTTP/1.1 200"));
        assertRefused(post("/t/old/heartbeat", TODAY), 401);
    }

    @Test
    void everyAnswerEndsItsConnection() throws Exception {
        start(local());
        try (Socket socket = connect()) {
            write(socket, "POST", "/heartbeat", "Connection: keep-alive\r\n", TODAY);
            assertThat(
                            new String(
                                    socket.getInputStream().readAllBytes(),
                                    StandardCharsets.US_ASCII))
                    .contains("Connection: close")
                    .doesNotContain("Server:");
        }
    }

    @Test
    void manyBasesBeatAtOnce() throws Exception {
        start(local());
        List<Integer> statuses =
                IntStream.range(0, 500)
                        .parallel()
                        .mapToObj(i -> postQuietly("/heartbeat", ofMany(i)))
                        .map(answer -> Integer.parseInt(answer.substring(9, 12)))
                        .toList();

        assertThat(statuses).hasSize(500).containsOnly(200);
        assertThat(heard.events()).filteredOn(BaseSeen.class::isInstance).hasSize(500);
    }

    private static String ofMany(int i) {
        return TODAY.replace("b1", "b" + i).replace("1238", String.valueOf(2_000 + i));
    }

    private void start(HttpSettings settings) {
        tunnel = new HttpTunnel(settings, List.of(), counters);
        tunnel.start(heard);
        heard.awaitLink(true);
    }

    private static HttpSettings local() {
        return TestSettings.local();
    }

    private static HttpSettings trusting(Trust trust) {
        return new HttpSettings(
                TestSettings.receiver(), Client.defaults(), trust, Discovery.defaults());
    }

    private Path tokens(String content) throws IOException {
        return Files.writeString(directory.resolve("tokens"), content);
    }

    private Base seen() {
        return heard.await(B1, BaseSeen.class).seen();
    }

    private static void assertRefused(String answer, int status) {
        assertThat(answer).startsWith("HTTP/1.1 " + status);
        String body = answer.substring(answer.indexOf("\r\n\r\n") + 4);
        assertThat(body).matches("\\{\"reason\":\"[^\"\n]+\"\\}");
    }

    private String post(String path, String body) throws IOException {
        return request("POST", path, "Content-Type: application/json\r\n", body);
    }

    private String postQuietly(String path, String body) {
        try {
            return post(path, body);
        } catch (IOException e) {
            return "HTTP/1.1 000 " + e;
        }
    }

    private String request(String method, String path, String headers, String body)
            throws IOException {
        try (Socket socket = connect()) {
            write(socket, method, path, headers, body);
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void write(
            Socket socket, String method, String path, String headers, String body)
            throws IOException {
        String request =
                "%s %s HTTP/1.1\r\nHost: x\r\n%sContent-Length: %d\r\n\r\n%s"
                        .formatted(method, path, headers, body.length(), body);
        socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
    }

    private String raw(String request) throws IOException {
        try (Socket socket = connect()) {
            socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), tunnel.port());
        socket.setSoTimeout(45_000);
        return socket;
    }
}
