package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.TunnelCounters;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Something accepts connections, but is no broker: a proxy whose broker is gone, another port. */
class SilentBrokerIT {
    private static final Duration SOON = Duration.ofSeconds(60);

    /** At once, on a machine that does other things too. */
    private static final Duration PROMPT = Duration.ofSeconds(10);

    private final MqttSettings.Login login = TestSettings.login("", "");
    private final List<Socket> accepted = new CopyOnWriteArrayList<>();
    private ServerSocket server;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        for (Socket socket : accepted) {
            socket.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    void thatSaysNothingIsGivenUpAndTriedAgain(MqttVersion version) {
        accept(socket -> accepted.add(socket));
        assertTriedWithoutLeavingThreads(version, 2);
    }

    @ParameterizedTest
    @EnumSource
    void thatHangsUpAtOnceIsTriedAgain(MqttVersion version) {
        accept(socket -> {
            socket.close();
            accepted.add(socket);
        });
        assertTriedWithoutLeavingThreads(version, 3);
    }

    private void assertTriedWithoutLeavingThreads(MqttVersion version, int attempts) {
        MqttSettings settings =
                new MqttSettings(
                        "dev",
                        new MqttSettings.Broker("127.0.0.1", server.getLocalPort(), version),
                        login,
                        null,
                        TestSettings.limits(Duration.ofSeconds(2)));
        MqttTunnel tunnel = new MqttTunnel(settings, TunnelCounters.none());
        tunnel.start(new RecordingListener());
        Awaitility.await()
                .atMost(SOON)
                .until(() -> accepted.size() >= attempts && threads("MQTT Con") == 0);
        long begun = System.nanoTime();
        tunnel.close();
        assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(PROMPT);
        Awaitility.await().atMost(SOON).until(() -> threads("MQTT ") == 0);
    }

    private void accept(Accepting accepting) {
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        while (true) {
                            accepting.accept(server.accept());
                        }
                    } catch (IOException e) {
                        return; // closed: the end
                    }
                });
    }

    /** Of this tunnel: others in this JVM may leave theirs. */
    private long threads(String prefix) {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(name -> name.startsWith(prefix) && name.endsWith(login.clientId()))
                .count();
    }

    private interface Accepting {
        void accept(Socket socket) throws IOException;
    }
}
