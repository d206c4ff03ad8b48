package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ScheduledExecutorService;
import org.apache.coyote.Adapter;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that heartbeats come in at: Tomcat's HTTP/1.1 on a port of its own, so that its limits
 * are not those of the actuator's server, and without Tomcat's servlets, which would cost as much
 * as a heartbeat does. Every answer ends its connection, as bases do after every heartbeat.
 */
final class HeartbeatServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatServer.class);
    private static final int MAX_HEADER_BYTES = 8 * 1_024;

    /** Connections that wait in the kernel; its own limit may be lower. */
    private static final int BACKLOG = 4_096;

    private final BriefConnections http;

    private HeartbeatServer(BriefConnections http) {
        this.http = http;
    }

    /**
     * Listens when it returns.
     *
     * @param timer for what looks at connections now and then
     * @throws IOException if the port cannot be had
     */
    static HeartbeatServer listen(
            HttpSettings.Receiver settings,
            HeartbeatDesk desk,
            Ticker ticker,
            ScheduledExecutorService timer)
            throws IOException {
        Adapter adapter = new HeartbeatAdapter(settings, desk, ticker);
        HeartbeatServer server = new HeartbeatServer(http(settings, adapter, ticker, timer));
        try {
            server.http.init();
            server.http.start();
            return server;
        } catch (IOException e) {
            server.close();
            throw e;
        } catch (Exception e) {
            server.close();
            throw new IOException("the server for heartbeats cannot start", e);
        }
    }

    int port() {
        return http.getLocalPort();
    }

    @Override
    public void close() {
        try {
            http.stop();
            http.destroy();
        } catch (Exception e) {
            log.atDebug().setCause(e).log("The server for heartbeats did not stop well");
        }
    }

    private static BriefConnections http(
            HttpSettings.Receiver settings,
            Adapter adapter,
            Ticker ticker,
            ScheduledExecutorService timer)
            throws IOException {
        // patience with the head, and the same again with the body
        BriefConnections http = new BriefConnections(settings.patience().multipliedBy(2), ticker);
        if (!settings.host().isEmpty()) {
            http.setAddress(InetAddress.getByName(settings.host()));
        }
        http.setPort(settings.port());
        http.setAcceptCount(BACKLOG);
        http.setAdapter(adapter);
        http.setExecutor(new VirtualThreadExecutor("heartbeat-"));
        http.setUtilityExecutor(timer);
        http.setMaxConnections(settings.maxConnections());
        http.setConnectionTimeout((int) settings.patience().toMillis());
        http.setMaxKeepAliveRequests(1);
        http.setMaxHttpRequestHeaderSize(MAX_HEADER_BYTES);
        http.setMaxSwallowSize(0);
        return http;
    }
}
