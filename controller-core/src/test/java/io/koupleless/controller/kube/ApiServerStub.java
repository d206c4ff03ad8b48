package io.koupleless.controller.kube;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;

/** An API server that gives prepared answers and notes what it was asked. */
final class ApiServerStub implements AutoCloseable {
    private record Answer(int code, String header, String value, String body) {}

    private final HttpServer server;
    private final Queue<Answer> answers = new ArrayDeque<>();
    final List<String> asked = Collections.synchronizedList(new ArrayList<>());

    ApiServerStub() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::handle);
        server.start();
    }

    ApiServerStub answers(int code, String body) {
        answers.add(new Answer(code, "X-None", "", body));
        return this;
    }

    ApiServerStub throttles(String retryAfter) {
        answers.add(new Answer(429, "Retry-After", retryAfter, "busy"));
        return this;
    }

    ApiClient client() {
        return new ApiClient().setBasePath("http://127.0.0.1:" + server.getAddress().getPort());
    }

    private void handle(HttpExchange exchange) throws IOException {
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
        exchange.getRequestBody().readAllBytes();
        Answer answer = answers.remove();
        exchange.getResponseHeaders().add(answer.header(), answer.value());
        byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(answer.code(), body.length);
        exchange.getResponseBody().write(body);
        exchange.close();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
