package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.catalina.Context;
import org.apache.catalina.LifecycleException;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.core.StandardContext;
import org.apache.catalina.core.StandardHost;
import org.apache.catalina.startup.Tomcat;
import org.apache.tomcat.util.threads.VirtualThreadExecutor;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that heartbeats come in at: a Tomcat of its own with one connector and one servlet, so
 * that its limits are not those of the actuator's server. Every answer ends its connection: bases
 * beat every 12 s, keep connections for 5 s, and do not read the answers that would free them.
 */
final class HeartbeatServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatServer.class);
    private static final int MAX_HEADER_BYTES = 8 * 1_024;

    private final Tomcat tomcat;
    private final Path directory;
    private final int port;

    private HeartbeatServer(Tomcat tomcat, Path directory) {
        this.tomcat = tomcat;
        this.directory = directory;
        this.port = tomcat.getConnector().getLocalPort();
    }

    /**
     * Listens when it returns.
     *
     * @throws IOException if the port cannot be had
     */
    static HeartbeatServer listen(HttpSettings.Receiver settings, HeartbeatDesk desk, Ticker ticker)
            throws IOException {
        checkPort(settings);
        Path directory = Files.createTempDirectory("heartbeats");
        Tomcat tomcat = new Tomcat();
        try {
            tomcat.setBaseDir(directory.toString());
            tomcat.getEngine().setName("heartbeats"); // names the MBeans; Boot's is "Tomcat"
            ((StandardHost) tomcat.getHost())
                    .setErrorReportValveClass(OneLineErrors.class.getName());
            Context context = tomcat.addContext("", null);
            Tomcat.addServlet(context, "heartbeats", new HeartbeatServlet(settings, desk, ticker));
            if (context instanceof StandardContext ours) {
                // there is no web application that could leak, and to look asks for open modules
                ours.setClearReferencesThreadLocals(false);
                ours.setClearReferencesRmiTargets(false);
            }
            context.addServletMappingDecoded("/*", "heartbeats");
            tomcat.setConnector(connector(settings, ticker));
            tomcat.start();
            return new HeartbeatServer(tomcat, directory);
        } catch (LifecycleException | RuntimeException e) {
            destroy(tomcat, directory);
            throw new IOException("the server for heartbeats cannot start", e);
        }
    }

    int port() {
        return port;
    }

    @Override
    public void close() {
        destroy(tomcat, directory);
    }

    /** Tomcat would log a busy port with stack traces of its own. */
    private static void checkPort(HttpSettings.Receiver settings) throws IOException {
        if (settings.port() > 0) {
            try (ServerSocket socket = new ServerSocket()) {
                socket.setReuseAddress(true);
                socket.bind(
                        settings.host().isEmpty()
                                ? new InetSocketAddress(settings.port())
                                : new InetSocketAddress(settings.host(), settings.port()));
            }
        }
    }

    private static Connector connector(HttpSettings.Receiver settings, Ticker ticker) {
        // patience with the head, and the same again with the body
        BriefConnections http = new BriefConnections(settings.patience().multipliedBy(2), ticker);
        if (!settings.host().isEmpty()) {
            http.setAddress(address(settings.host()));
        }
        http.setExecutor(new VirtualThreadExecutor("heartbeat-"));
        http.setMaxConnections(settings.maxConnections());
        http.setConnectionTimeout((int) settings.patience().toMillis());
        http.setMaxKeepAliveRequests(1);
        http.setMaxHttpRequestHeaderSize(MAX_HEADER_BYTES);
        http.setMaxSwallowSize(0);
        Connector connector = new Connector(http);
        connector.setPort(settings.port());
        connector.setThrowOnFailure(true);
        return connector;
    }

    private static InetAddress address(String host) {
        try {
            return InetAddress.getByName(host);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void destroy(Tomcat tomcat, Path directory) {
        try {
            tomcat.stop();
            tomcat.destroy();
        } catch (LifecycleException e) {
            log.atDebug().setCause(e).log("The server for heartbeats did not stop well");
        }
        try (var files = Files.walk(directory)) {
            for (Path file : files.sorted((a, b) -> b.compareTo(a)).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            log.atDebug().setCause(e).log("A directory stays behind");
        }
    }
}
