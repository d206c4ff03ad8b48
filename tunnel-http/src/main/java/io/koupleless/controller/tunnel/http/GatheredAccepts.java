package io.koupleless.controller.tunnel.http;

import java.io.IOException;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.tomcat.util.net.NioEndpoint;
import org.jspecify.annotations.Nullable;

/**
 * Takes connections ten times a second, then all that wait. Each heartbeat is a connection of its
 * own; waking three threads for every single one costs more than all else that is done for it, and
 * no base minds a tenth of a second.
 */
final class GatheredAccepts extends NioEndpoint {
    private static final long PAUSE_NANOS = Duration.ofMillis(100).toNanos();

    private final CountDownLatch closed = new CountDownLatch(1);
    private @Nullable ServerSocketChannel server;

    @Override
    protected void initServerSocket() throws Exception {
        super.initServerSocket();
        ServerSocketChannel bound = (ServerSocketChannel) getServerSocket();
        bound.configureBlocking(false);
        server = bound;
    }

    @Override
    protected SocketChannel serverSocketAccept() throws Exception {
        ServerSocketChannel bound = Objects.requireNonNull(server);
        SocketChannel accepted = bound.accept();
        while (accepted == null) {
            boolean _ = closed.await(PAUSE_NANOS, TimeUnit.NANOSECONDS);
            accepted = bound.accept(); // fails once it is closed
        }
        return accepted;
    }

    @Override
    protected void doCloseServerSocket() throws IOException {
        super.doCloseServerSocket();
        closed.countDown();
    }
}
