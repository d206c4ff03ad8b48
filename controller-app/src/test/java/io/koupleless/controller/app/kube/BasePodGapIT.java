package io.koupleless.controller.app.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.koupleless.controller.app.Lane;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.kube.BasePodSettings;
import io.koupleless.controller.kube.BasePodSource;
import io.koupleless.controller.kube.KubeClientSettings;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.node.CarriedKeys;
import io.kubernetes.client.openapi.ApiClient;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What a Pod was that is in one list and not in the next. */
@ResourceLock(Lane.WIRE)
class BasePodGapIT {
    private static final String NOT_FOUND =
            """
            {"kind": "Status", "code": 404, "details": {"name": "there-was-one"}}
            """;

    private final List<String> told = new CopyOnWriteArrayList<>();

    private static String pod(String name, String uid, String phase) {
        return """
        {"metadata": {"namespace": "ns", "name": "%1$s", "uid": "%2$s", "resourceVersion": "7"},
         "status": {"phase": "%3$s", "podIP": "%1$s"}}
        """
                .formatted(name, uid, phase);
    }

    @Test
    void isFoundOutByALook() throws IOException {
        try (Server server = new Server();
                ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
                KubeClients clients =
                        KubeClients.of(
                                server.client(),
                                KubeClientSettings.DEFAULTS,
                                new SimpleMeterRegistry());
                BasePodSource source =
                        new BasePodSource(
                                clients,
                                new BasePodSettings(
                                        "e", "a=b", Optional.of("ns"), 1, "c", CarriedKeys.NONE),
                                System::nanoTime,
                                workers)) {
            server.pods.put("deleted", pod("deleted", "u1", "Running"));
            server.pods.put("remade", pod("remade", "u2", "Running"));
            server.pods.put("ended", pod("ended", "u3", "Running"));
            server.pods.put("unlabelled", pod("unlabelled", "u4", "Running"));
            server.pods.put("unreadable", pod("unreadable", "u5", "Running"));
            server.pods.put("stays", pod("stays", "u6", "Running"));
            source.start(new Notes());
            await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 6);
            told.clear();

            server.answers.put("remade", pod("remade", "u7", "Running"));
            server.answers.put("ended", pod("ended", "u3", "Failed"));
            server.answers.put("unlabelled", pod("unlabelled", "u4", "Running"));
            server.answers.put("unreadable", "");
            server.pods.keySet().retainAll(List.of("stays"));

            await().atMost(Duration.ofSeconds(60)).until(() -> told.size() == 5);
            assertThat(told)
                    .containsExactlyInAnyOrder(
                            "gone deleted:1",
                            "gone remade:1",
                            "gone ended:1",
                            "lost unlabelled:1",
                            "lost unreadable:1");
        }
    }

    /** Lists what it has; each watch ends at once, as one that is too old. */
    private static final class Server implements AutoCloseable {
        private final HttpServer http =
                HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        private final Map<String, String> pods = new ConcurrentHashMap<>();

        /** Of single Pods; an empty one is a refusal. */
        private final Map<String, String> answers = new ConcurrentHashMap<>();

        private Server() throws IOException {
            http.createContext("/version", exchange -> answer(exchange, 200, "{}"));
            http.createContext("/api/v1/namespaces/ns/pods", this::pods);
            http.createContext("/api/v1/namespaces/ns/pods/", this::pod);
            http.start();
        }

        private ApiClient client() {
            return new ApiClient().setBasePath("http://127.0.0.1:" + http.getAddress().getPort());
        }

        private void pods(HttpExchange exchange) throws IOException {
            boolean watch = exchange.getRequestURI().getQuery().contains("watch=true");
            answer(
                    exchange,
                    200,
                    watch
                            ? "{\"type\": \"ERROR\", \"object\": {\"kind\": \"Status\","
                                    + " \"apiVersion\": \"v1\", \"code\": 410, \"reason\": \"Expired\"}}\n"
                            : "{\"metadata\": {\"resourceVersion\": \"9\"}, \"items\": ["
                                    + String.join(",", pods.values())
                                    + "]}");
        }

        private void pod(HttpExchange exchange) throws IOException {
            String path = exchange.getRequestURI().getPath();
            String body = answers.get(path.substring(path.lastIndexOf('/') + 1));
            if (body == null) {
                answer(exchange, 404, NOT_FOUND);
            } else {
                answer(exchange, body.isEmpty() ? 403 : 200, body);
            }
        }

        private static void answer(HttpExchange exchange, int code, String body)
                throws IOException {
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
        }

        @Override
        public void close() {
            http.stop(0);
        }
    }

    private final class Notes implements BaseSourceListener {
        @Override
        public void found(FoundBase base) {
            told.add("found " + base.address());
        }

        @Override
        public void leaving(BaseAddress address) {
            told.add("leaving " + address);
        }

        @Override
        public void gone(BaseAddress address) {
            told.add("gone " + address);
        }

        @Override
        public void lost(BaseAddress address) {
            told.add("lost " + address);
        }
    }
}
