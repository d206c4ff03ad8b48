package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.discovery.BaseAddress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;

/** One base's HTTP server: a connection carries one command, on the loop it was dealt to. */
final class HttpFakeBase implements AutoCloseable {
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n\r\n");
    private static final byte[] NOT_POST =
            ascii(
                    "HTTP/1.1 500 Internal Server Error\r\nContent_Length: 46\r\n\r\n"
                            + "POST http request only supported by arklet");
    private static final int MAX_HEAD = 16 * 1024;
    private static final int BACKLOG_MILLIS = 10_000;

    private final FakeBase base;
    private final ArkletRuntime runtime;
    private final ServerSocket server;
    private final Executor executor;
    private final int loopCount;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final Queue<WireMessage> dictated = new ConcurrentLinkedQueue<>();
    private final AtomicInteger requests = new AtomicInteger();
    private EventLoops loops;

    HttpFakeBase(
            FakeBase base,
            ArkletRuntime runtime,
            int loopCount,
            ServerSocket server,
            Executor executor) {
        this.base = base;
        this.runtime = runtime;
        this.server = server;
        this.executor = executor;
        this.loopCount = loopCount;
        this.loops = new EventLoops(loopCount, base.processEnded());
    }

    BaseAddress address() {
        InetAddress ip = server.getInetAddress();
        return new BaseAddress(ip.getHostAddress(), server.getLocalPort());
    }

    int requests() {
        return requests.get();
    }

    void answerNext(WireMessage message) {
        dictated.add(message);
    }

    void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                open.add(socket);
                executor.execute(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    @Override
    public void close() {
        closeQuietly(server);
        open.forEach(HttpFakeBase::closeQuietly);
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout(BACKLOG_MILLIS);
            converse(socket);
        } catch (IOException clientLeft) {
            // as netty: the connection is forgotten
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private void converse(Socket socket) throws IOException, InterruptedException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        if (!base.isAnswering()) {
            in.transferTo(OutputStream.nullOutputStream()); // a JVM that stands still
            return;
        }
        EventLoops dealer = loops();
        Semaphore loop = dealer.next();
        String head = head(in);
        OutputStream out = socket.getOutputStream();
        String[] line = head.split(" ", 3);
        if (line.length < 3 || !line[0].equals("POST")) {
            out.write(NOT_POST);
            return;
        }
        loop.acquire();
        try {
            if (head.contains("\r\nexpect: 100-continue\r\n")) {
                out.write(CONTINUE);
            }
        } finally {
            loop.release();
        }
        byte[] body = in.readNBytes(length(head));
        if (body.length < length(head)) {
            return;
        }
        requests.incrementAndGet();
        loop.acquire();
        try {
            byte[] answer = answer(line[1].substring(1), body, dealer);
            if (answer.length > 0) {
                out.write(OK);
                out.write(answer);
            }
        } finally {
            loop.release();
        }
    }

    /** Empty if the process ended before the command did. */
    private byte[] answer(String command, byte[] body, EventLoops dealer) {
        WireMessage ordered = dictated.poll();
        if (ordered != null) {
            return HttpForm.answer(base.id(), runtime, ordered);
        }
        if (command.equals("help")) {
            base.arrived(command, body);
            return HttpForm.help(base.id(), runtime);
        }
        if (!HttpForm.knows(runtime, command)) {
            return HttpForm.unknownCommand();
        }
        CompletableFuture<WireMessage> said = new CompletableFuture<>();
        base.handle(command, body, said::complete);
        if (!said.isDone()) {
            CompletableFuture.anyOf(said, dealer.ended()).join();
        }
        return said.isDone() ? HttpForm.answer(base.id(), runtime, said.join()) : new byte[0];
    }

    private synchronized EventLoops loops() {
        CompletableFuture<Void> now = base.processEnded();
        if (loops.ended() != now) {
            loops = new EventLoops(loopCount, now);
        }
        return loops;
    }

    /** The request line as it is, the header lines in lower case. */
    private static String head(InputStream in) throws IOException {
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n", Math.max(0, head.length() - 4)) < 0) {
            int next = in.read();
            if (next < 0 || head.length() > MAX_HEAD) {
                throw new IOException("no whole head");
            }
            head.append((char) next);
        }
        int line = head.indexOf("\r\n");
        return head.substring(0, line) + head.substring(line).toLowerCase(Locale.ROOT);
    }

    private static int length(String head) {
        int at = head.indexOf("\r\ncontent-length:");
        return at < 0
                ? 0
                : Integer.parseInt(head.substring(at + 17, head.indexOf("\r\n", at + 17)).strip());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static void closeQuietly(AutoCloseable closed) {
        try {
            closed.close();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
