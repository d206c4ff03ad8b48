package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.discovery.BaseAddress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.awaitility.Awaitility;

/** Listening again where somebody has just stopped to: the kernel may need a moment. */
final class Listening {
    private static final int BACKLOG = 1_024;

    private Listening() {}

    static ServerSocket at(BaseAddress address) {
        return Awaitility.await("listening at " + address)
                .atMost(Duration.ofSeconds(10))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .ignoreExceptionsMatching(e -> e.getCause() instanceof BindException)
                .until(() -> bound(address), socket -> true);
    }

    private static ServerSocket bound(BaseAddress address) {
        try {
            return new ServerSocket(address.port(), BACKLOG, InetAddress.ofLiteral(address.ip()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
