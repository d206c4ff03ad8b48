package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the JDK's client does on the wire, byte by byte: what the tunnel relies on. */
@Timeout(120)
class ArkletClientIT {
    private static final Duration SOON = Duration.ofSeconds(45);
    private static final byte[] BODY = "{\"bizName\":\"biz1\"}".getBytes(StandardCharsets.UTF_8);

    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ArkletClient client =
            new ArkletClient(dialling(Duration.ofSeconds(4)), executor, System::nanoTime);
    private final ArkletClient impatient =
            new ArkletClient(dialling(Duration.ofMillis(500)), executor, System::nanoTime);
    private final List<String> heads = new CopyOnWriteArrayList<>();
    private final List<String> bodies = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    private static Client dialling(Duration timeout) {
        Client usual = Client.defaults();
        return new Client(
                timeout,
                usual.dials(),
                usual.connectionsPerBase(),
                usual.changesPerBase(),
                usual.waitingPerBase(),
                usual.maxAnswerBytes(),
                usual.failuresToOpen(),
                usual.firstPause(),
                usual.longestPause());
    }

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void close() throws IOException {
        server.close();
        client.close();
        impatient.close();
        executor.shutdownNow();
    }

    @Test
    void theBodyLeavesOnlyAfterTheContinue() throws Exception {
        serve(socket -> {
            heads.add(head(socket));
            socket.setSoTimeout(200);
            assertThatThrownBy(() -> socket.getInputStream().read())
                    .isInstanceOf(java.net.SocketTimeoutException.class);
            goOn(socket);
            answer(socket, "HTTP/1.1 200 OK\r\n\r\n{}");
        });
        ArkletClient.Conversation conversation = post(() -> true);

        assertThat(conversation.await()).hasValueSatisfying(b -> assertThat(b).hasSize(2));
        assertThat(heads.getFirst())
                .startsWith("POST /installBiz HTTP/1.1\r\n")
                .containsIgnoringCase("\r\nExpect: 100-Continue\r\n")
                .containsIgnoringCase("\r\nContent-Length: " + BODY.length + "\r\n");
        assertThat(bodies).containsExactly(new String(BODY, StandardCharsets.UTF_8));
    }

    @Test
    void aDialWithoutAContinueIsDroppedAndTheNextOneSucceeds() throws Exception {
        serve(socket -> {
            heads.add(head(socket));
            if (heads.size() < 3) {
                bodies.add(new String(socket.getInputStream().readAllBytes()));
                return;
            }
            goOn(socket);
            answer(socket, "HTTP/1.1 200 OK\r\n\r\n{}");
        });
        assertThat(post(impatient, () -> true).await()).isPresent();
        Awaitility.await().atMost(SOON).until(() -> bodies.size() >= 3);
        assertThat(bodies).filteredOn(body -> !body.isEmpty()).hasSize(1);
    }

    @Test
    void aContinueThatComesTooLateGetsNoBody() throws Exception {
        serve(socket -> {
            heads.add(head(socket));
            bodies.add(new String(socket.getInputStream().readAllBytes()));
            answer(socket, "HTTP/1.1 100 Continue\r\n\r\n");
        });
        assertThatThrownBy(() -> post(impatient, () -> true))
                .isInstanceOf(TunnelException.Unavailable.class);
        Awaitility.await().atMost(SOON).until(() -> bodies.size() == 6);
        assertThat(bodies).containsOnly("");
    }

    @Test
    void aClosedFenceIsAskedAfterTheContinueAndLetsNothingOut() throws Exception {
        serve(socket -> {
            heads.add(head(socket));
            answer(socket, "HTTP/1.1 100 Continue\r\n\r\n");
            bodies.add(new String(socket.getInputStream().readAllBytes()));
        });
        assertThatThrownBy(() -> post(() -> heads.isEmpty()))
                .isInstanceOf(TunnelException.Fenced.class);
        Awaitility.await().atMost(SOON).until(() -> bodies.size() == 1);
        assertThat(bodies).containsExactly("");
        assertThat(heads).hasSize(1);
    }

    @Test
    void aFenceThatFailsIsClosed() throws Exception {
        serve(socket -> {
            heads.add(head(socket));
            goOn(socket);
        });
        assertThatThrownBy(() ->
                        post(() -> {
                            throw new IllegalStateException("no lease");
                        }))
                .isInstanceOf(TunnelException.Fenced.class);
    }

    @Test
    void anAnswerIsReadToItsEndWithoutAnyHeader() throws Exception {
        String half = "{\"a\":\"" + "x".repeat(100_000);
        serve(socket -> {
            heads.add(head(socket));
            goOn(socket);
            answer(socket, "HTTP/1.1 200 OK\r\n\r\n" + half);
            answer(socket, "\"}");
        });
        assertThat(post(() -> true).await())
                .hasValueSatisfying(body -> assertThat(body).hasSize(half.length() + 2));
    }

    @Test
    void aLengthAndChunksAreUnderstoodForTheSakeOfProxies() throws Exception {
        serve(socket -> {
            heads.add(head(socket));
            goOn(socket);
            answer(
                    socket,
                    heads.size() == 1
                            ? "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"
                            : "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                                    + "2\r\n{}\r\n0\r\n\r\n");
            socket.getInputStream().readAllBytes();
        });
        assertThat(post(() -> true).await()).isPresent();
        assertThat(post(() -> true).await()).isPresent();
    }

    private ArkletClient.Conversation post(Fence fence) throws Exception {
        return post(client, fence);
    }

    private ArkletClient.Conversation post(ArkletClient client, Fence fence) throws Exception {
        BaseAddress to = new BaseAddress("127.0.0.1", server.getLocalPort());
        long deadline = System.nanoTime() + SOON.toNanos();
        return client.post(to, "installBiz", BODY, fence, deadline);
    }

    private void serve(Serving serving) {
        executor.execute(() -> {
            while (!server.isClosed()) {
                try {
                    Socket socket = server.accept();
                    executor.execute(() -> serve(serving, socket));
                } catch (IOException closed) {
                    return;
                }
            }
        });
    }

    private static void serve(Serving serving, Socket socket) {
        try (socket) {
            serving.serve(socket);
        } catch (Exception clientLeft) {
            // the test sees it in what it recorded
        }
    }

    private static String head(Socket socket) throws IOException {
        InputStream in = socket.getInputStream();
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            head.append((char) in.read());
        }
        return head.toString();
    }

    private void goOn(Socket socket) throws IOException {
        answer(socket, "HTTP/1.1 100 Continue\r\n\r\n");
        bodies.add(
                new String(
                        socket.getInputStream().readNBytes(BODY.length), StandardCharsets.UTF_8));
    }

    private static void answer(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
    }

    private interface Serving {
        void serve(Socket socket) throws Exception;
    }
}
