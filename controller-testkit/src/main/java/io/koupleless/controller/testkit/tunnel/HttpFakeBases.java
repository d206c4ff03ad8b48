package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.discovery.BaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Any number of {@link FakeBase}s that listen like arklet: each has a loopback address of its own,
 * 127.x.y.z, all have the same port where they can, and none costs a thread. Answers are raw as
 * arklet's: a status line, no header, the body, the end.
 */
public final class HttpFakeBases implements AutoCloseable {
    /** Of a JVM with two processors. */
    private static final int LOOPS = 4;

    private static final AtomicInteger JOINED = new AtomicInteger();
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final Map<FakeBase, HttpFakeBase> bases = new ConcurrentHashMap<>();
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(Thread.ofVirtual().factory());
    private final int loops;
    private int port;

    private HttpFakeBases(int loops) {
        this.loops = loops;
    }

    public static HttpFakeBases open() {
        return open(LOOPS);
    }

    /**
     * @param loops that each base has: twice the processors of its JVM
     */
    public static HttpFakeBases open(int loops) {
        return new HttpFakeBases(loops);
    }

    /** Lets a base take part; it listens, and says nothing yet. */
    public FakeBase join(FakeBase base) {
        return join(base, ArkletRuntime.TODAY);
    }

    public FakeBase join(FakeBase base, ArkletRuntime runtime) {
        bases.computeIfAbsent(base, joining -> listen(joining, runtime));
        return base;
    }

    /** It listens where another one did: an IP that is used again, a process that has come back. */
    public FakeBase join(FakeBase base, BaseAddress address) {
        bases.computeIfAbsent(
                base, joining -> listening(joining, ArkletRuntime.TODAY, Listening.at(address)));
        return base;
    }

    /** Its process has ended: connections are cut, and new ones refused. */
    public void leave(FakeBase base) {
        HttpFakeBase left = bases.remove(base);
        if (left != null) {
            left.close();
        }
    }

    /** Where the base listens. */
    public BaseAddress address(FakeBase base) {
        HttpFakeBase joined = bases.get(base);
        if (joined == null) {
            throw new IllegalStateException(base.id() + " has not joined");
        }
        return joined.address();
    }

    /** How many requests came whole, answered or not; a connection without a body counts not. */
    public int requests(FakeBase base) {
        HttpFakeBase joined = bases.get(base);
        return joined == null ? 0 : joined.requests();
    }

    /** The next commands of the base are answered with exactly that. */
    public void answerNext(FakeBase base, WireMessage message) {
        HttpFakeBase joined = bases.get(base);
        if (joined != null) {
            joined.answerNext(message);
        }
    }

    /**
     * One heartbeat from the base's own address.
     *
     * @param endpoint as in {@code koupleless.arklet.http.heartbeat.endpoint}, without a path or
     *     with one
     * @return the status of the answer, 0 if there was none
     */
    public int heartbeat(FakeBase base, URI endpoint) {
        return say(base, endpoint, base.heartbeat());
    }

    /**
     * {@code heart} and {@code queryBaseline}; nothing else is said over HTTP without a question.
     */
    public int say(FakeBase base, URI endpoint, WireMessage message) {
        BaseAddress address = address(base);
        String path = message.topic().equals("heart") ? "/heartbeat" : "/queryBaseline";
        return post(address, endpoint, path, HttpForm.announcement(address, message));
    }

    /** Posts anything, from the base's own address. */
    public int post(FakeBase base, URI endpoint, String path, byte[] body) {
        return post(address(base), endpoint, path, body);
    }

    /** Every base that has joined beats from now on, spread over the period. */
    public void heartbeats(URI endpoint, Duration period) {
        bases.keySet().forEach(base -> heartbeats(base, endpoint, period));
    }

    /** One base beats from now on. */
    public void heartbeats(FakeBase base, URI endpoint, Duration period) {
        long nanos = period.toNanos();
        timer.scheduleAtFixedRate(
                () -> executor.execute(() -> beat(base, endpoint)),
                ThreadLocalRandom.current().nextLong(nanos),
                nanos,
                TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        timer.shutdownNow();
        executor.shutdownNow();
        bases.keySet().forEach(this::leave);
    }

    private void beat(FakeBase base, URI endpoint) {
        HttpFakeBase joined = bases.get(base);
        if (joined != null) {
            byte[] body = HttpForm.announcement(joined.address(), base.heartbeat());
            post(joined.address(), endpoint, "/heartbeat", body);
        }
    }

    private synchronized HttpFakeBase listen(FakeBase base, ArkletRuntime runtime) {
        try {
            ServerSocket server = bind(nextAddress());
            port = server.getLocalPort();
            return listening(base, runtime, server);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private HttpFakeBase listening(FakeBase base, ArkletRuntime runtime, ServerSocket server) {
        HttpFakeBase joined = new HttpFakeBase(base, runtime, loops, server, executor);
        executor.execute(joined::accept);
        return joined;
    }

    private ServerSocket bind(InetAddress address) throws IOException {
        ServerSocket server = new ServerSocket();
        try {
            server.bind(new InetSocketAddress(address, port), 1_024);
            return server;
        } catch (IOException taken) {
            server.close();
            return new ServerSocket(0, 1_024, address);
        }
    }

    /** Processes that test at the same time should not meet. */
    private static InetAddress nextAddress() throws IOException {
        int n = JOINED.getAndIncrement();
        int process = (int) (ProcessHandle.current().pid() % 250);
        byte[] ip = {127, (byte) (process + 2), (byte) (n / 250 % 250), (byte) (n % 250 + 2)};
        return InetAddress.getByAddress(ip);
    }

    private static int post(BaseAddress from, URI endpoint, String path, byte[] body) {
        try (Socket socket = new Socket()) {
            socket.setTcpNoDelay(true);
            socket.setSoTimeout((int) PATIENCE.toMillis());
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral(from.ip()), 0));
            socket.connect(
                    new InetSocketAddress(endpoint.getHost(), endpoint.getPort()),
                    (int) PATIENCE.toMillis());
            String prefix = endpoint.getRawPath() == null ? "" : endpoint.getRawPath();
            String head =
                    """
                    POST %s%s HTTP/1.1\r
                    Content-Type: application/json\r
                    User-Agent: Java/17.0.15\r
                    Host: %s\r
                    Content-Length: %d\r
                    Connection: keep-alive\r
                    \r
                    """
                            .formatted(prefix, path, endpoint.getAuthority(), body.length);
            byte[] request = new byte[head.length() + body.length];
            System.arraycopy(
                    head.getBytes(StandardCharsets.US_ASCII), 0, request, 0, head.length());
            System.arraycopy(body, 0, request, head.length(), body.length);
            socket.getOutputStream().write(request);
            byte[] status = socket.getInputStream().readNBytes("HTTP/1.1 200".length());
            return status.length < 12
                    ? 0
                    : Integer.parseInt(new String(status, 9, 3, StandardCharsets.US_ASCII));
        } catch (IOException e) {
            return 0;
        }
    }
}
