package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.testkit.process.FreePorts;
import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A port that another process has. */
@Timeout(120)
class BusyPortIT {
    private final RecordingListener heard = new RecordingListener();

    @Test
    void theTunnelIsUpOnceThePortIsFree() throws Exception {
        try (ServerSocket other = new ServerSocket(FreePorts.next());
                HttpTunnel tunnel = tunnel(other.getLocalPort())) {
            tunnel.start(heard);
            Awaitility.await()
                    .during(Duration.ofMillis(700))
                    .until(() -> heard.link().isEmpty() && !tunnel.up());
            assertThat(tunnel.send(question()).toCompletableFuture()).isCompletedExceptionally();

            other.close();

            heard.awaitLink(true);
            assertThat(tunnel.port()).isEqualTo(other.getLocalPort());
        }
    }

    @Test
    void closingWhileThePortIsBusyIsQuick() throws Exception {
        try (ServerSocket other = new ServerSocket(FreePorts.next())) {
            HttpTunnel tunnel = tunnel(other.getLocalPort());
            tunnel.start(heard);
            long begun = System.nanoTime();
            tunnel.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isLessThan(Duration.ofSeconds(10));
        }
    }

    private static HttpTunnel tunnel(int port) {
        HttpSettings settings =
                new HttpSettings(
                        TestSettings.receiver().withPort(port),
                        Client.defaults(),
                        TestSettings.trust(),
                        Discovery.defaults());
        return new HttpTunnel(settings, List.of(), TunnelCounters.none());
    }

    private static Message question() {
        return new Message(
                new BaseId("b"), new Command.QueryHealth(), Duration.ofSeconds(1), () -> true);
    }
}
