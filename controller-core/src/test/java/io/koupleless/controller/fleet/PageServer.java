package io.koupleless.controller.fleet;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.Executors;

/**
 * Pages of very many bases, on one port of every loopback address; a process of its own, so that
 * what it costs is not what probes cost. Addresses below 127.2.0.0 answer, the others never do.
 */
final class PageServer {
    private PageServer() {}

    public static void main(String[] arguments) throws IOException {
        HttpServer server =
                HttpServer.create(
                        new InetSocketAddress("0.0.0.0", Integer.parseInt(arguments[0])), 1_000);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/healthz", PageServer::answer);
        server.start();
    }

    private static void answer(HttpExchange exchange) throws IOException {
        if (exchange.getLocalAddress().getAddress().getAddress()[1] < 2) {
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        }
    }
}
