package io.koupleless.controller.tunnel.mqtt;

import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.ScheduledExecutorService;
import javax.net.SocketFactory;
import org.jspecify.annotations.Nullable;

/**
 * Gives Paho sockets that do TLS by themselves, so that its plain module serves both kinds: Paho's
 * own TLS module would overwrite its parameters and fail on IPv6 addresses. The plain module asks
 * for sockets that are not connected yet, and connects them itself; the other methods have no
 * caller.
 */
final class BrokerSockets extends SocketFactory {
    private static final Duration GROWN_UP = Duration.ofSeconds(1);

    private final @Nullable TlsSockets tls;
    private final ScheduledExecutorService timer;

    BrokerSockets(@Nullable TlsSockets tls, ScheduledExecutorService timer) {
        this.tls = tls;
        this.timer = timer;
    }

    @Override
    public Socket createSocket() {
        return new BrokerSocket(tls, new GrownUp(timer, GROWN_UP));
    }

    @Override
    public Socket createSocket(String host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort) {
        throw new UnsupportedOperationException();
    }
}
