package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.discovery.BaseAddress;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A TCP proxy in front of one base that does to connections what networks and hosts do. */
public final class FaultyProxy implements AutoCloseable {
    private static final byte[] CONTINUE = ascii("HTTP/1.1 100 Continue\r\n\r\n");
    private static final byte[] OK = ascii("HTTP/1.1 200 OK\r\n\r\n");

    private final BaseAddress target;
    private final ExecutorService executor = Executors.newVirtualThreadPerTaskExecutor();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger accepted = new AtomicInteger();
    private final AtomicInteger requests = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final int port;
    private ServerSocket server;
    private Fault fault = new Fault.None();

    private FaultyProxy(BaseAddress target) throws IOException {
        this.target = target;
        this.server = new ServerSocket(0, 128, ip());
        this.port = server.getLocalPort();
    }

    public static FaultyProxy before(BaseAddress target) {
        try {
            FaultyProxy proxy = new FaultyProxy(target);
            proxy.accept(proxy.server);
            return proxy;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens: the base's own IP, another port. */
    public BaseAddress address() {
        return new BaseAddress(target.ip(), port);
    }

    /** Connections so far. */
    public int accepted() {
        return accepted.get();
    }

    /** Whole requests that a fault has taken so far; those that passed are the base's to count. */
    public int requests() {
        return requests.get();
    }

    /** Connections that are open now. */
    public int open() {
        return open.size();
    }

    /** For connections that come from now on. */
    public synchronized FaultyProxy fault(Fault next) {
        try {
            if (next instanceof Fault.Refuses) {
                server.close();
            } else if (server.isClosed()) {
                server = Listening.at(address());
                accept(server);
            }
            fault = next;
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public synchronized void close() {
        closed.countDown();
        executor.shutdownNow();
        try {
            server.close();
            for (Socket socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private InetAddress ip() {
        return InetAddress.ofLiteral(target.ip());
    }

    private void accept(ServerSocket listening) {
        executor.execute(() -> {
            while (!listening.isClosed()) {
                try {
                    Socket socket = listening.accept();
                    accepted.incrementAndGet();
                    open.add(socket);
                    executor.execute(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
    }

    private synchronized Fault now() {
        return fault;
    }

    private void serve(Socket socket) {
        try (socket) {
            socket.setTcpNoDelay(true);
            misbehave(now(), socket);
        } catch (IOException e) {
            // one side has left, which is what this is for
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(socket);
        }
    }

    private void misbehave(Fault how, Socket socket) throws IOException, InterruptedException {
        switch (how) {
            case Fault.None _ -> pass(socket, new Plain(socket.getOutputStream()));
            case Fault.Refuses _ -> socket.close();
            case Fault.Hangs _ -> hang();
            case Fault.Swallows _ -> {
                takeRequest(socket);
                untilItLeaves(socket);
            }
            case Fault.Drips(var between) -> drip(socket, between);
            case Fault.Resets(int after) -> pass(socket, new Reset(socket, after));
            case Fault.Says(byte[] bytes) -> {
                takeRequest(socket);
                socket.getOutputStream().write(bytes);
            }
            case Fault.SpeaksFirst(byte[] bytes) -> {
                socket.getOutputStream().write(bytes);
                untilItLeaves(socket);
            }
            case Fault.Floods(long bytes) -> {
                takeRequest(socket);
                OutputStream out = socket.getOutputStream();
                out.write(OK);
                byte[] chunk = "x".repeat(64 * 1_024).getBytes(StandardCharsets.US_ASCII);
                for (long sent = 0; sent < bytes; sent += chunk.length) {
                    out.write(chunk);
                }
            }
        }
    }

    /** {@code 100 Continue} passes in one piece. */
    private void drip(Socket socket, Duration between) throws IOException, InterruptedException {
        OutputStream out = socket.getOutputStream();
        AtomicInteger whole = new AtomicInteger(CONTINUE.length);
        pass(
                socket,
                (bytes, length) -> {
                    int passes = Math.min(whole.get(), length);
                    out.write(bytes, 0, passes);
                    whole.addAndGet(-passes);
                    for (int i = passes; i < length; i++) {
                        out.write(bytes, i, 1);
                        if (closed.await(between.toMillis(), TimeUnit.MILLISECONDS)) {
                            return;
                        }
                    }
                });
    }

    private void hang() throws InterruptedException {
        if (!closed.await(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("a test that takes so long has hung itself");
        }
    }

    private static void untilItLeaves(Socket socket) throws IOException {
        socket.getInputStream().transferTo(OutputStream.nullOutputStream());
    }

    private void takeRequest(Socket socket) throws IOException {
        InputStream in = new BufferedInputStream(socket.getInputStream());
        StringBuilder head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                throw new IOException("no whole head");
            }
            head.append((char) next);
        }
        socket.getOutputStream().write(CONTINUE);
        String lower = head.toString().toLowerCase(Locale.ROOT);
        int at = lower.indexOf("content-length:") + "content-length:".length();
        int length = Integer.parseInt(lower.substring(at, lower.indexOf("\r\n", at)).strip());
        if (in.readNBytes(length).length == length) {
            requests.incrementAndGet();
        }
    }

    /** The request as it is, and what the base says through that. */
    private void pass(Socket socket, Sink sink) throws IOException, InterruptedException {
        try (Socket base = new Socket()) {
            base.connect(new InetSocketAddress(ip(), target.port()), 5_000);
            base.setTcpNoDelay(true);
            executor.execute(() -> forward(socket, base));
            byte[] buffer = new byte[8_192];
            InputStream in = base.getInputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                sink.write(buffer, read);
            }
        }
    }

    private static void forward(Socket from, Socket to) {
        try {
            from.getInputStream().transferTo(to.getOutputStream());
            to.shutdownOutput();
        } catch (IOException e) {
            // the other direction ends by itself
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private interface Sink {
        void write(byte[] bytes, int length) throws IOException, InterruptedException;
    }

    private record Plain(OutputStream out) implements Sink {
        @Override
        public void write(byte[] bytes, int length) throws IOException {
            out.write(bytes, 0, length);
        }
    }

    /** {@code 100 Continue} passes, and counts not. */
    private static final class Reset implements Sink {
        private final Socket socket;
        private int left;

        Reset(Socket socket, int after) {
            this.socket = socket;
            this.left = after + CONTINUE.length;
        }

        @Override
        public void write(byte[] bytes, int length) throws IOException {
            socket.getOutputStream().write(bytes, 0, Math.min(left, length));
            left -= length;
            if (left <= 0) {
                socket.setSoLinger(true, 0);
                socket.close();
                throw new IOException("reset");
            }
        }
    }
}
