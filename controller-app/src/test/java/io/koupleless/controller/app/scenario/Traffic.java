package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/**
 * Clients of a Service that send one request after the other to its ready endpoints, as the
 * EndpointSlices have them: read again after each request, so that a client is as late as a proxy.
 */
final class Traffic implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Duration LATE = Duration.ofSeconds(1);
    private static final int CLIENTS = 3;
    private static final int PAUSE_MILLIS = 20;

    /**
     * @param ip that slices name
     * @param node whose base it is
     */
    record Endpoint(String ip, String node) {}

    private final ClusterUser cluster;
    private final String service;
    private final Map<String, Integer> ports;
    private final String path;
    private final HttpClient client = HttpClient.newBuilder().connectTimeout(PATIENCE).build();
    private final AtomicInteger turn = new AtomicInteger();
    private final AtomicInteger sent = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> lost = new ConcurrentLinkedQueue<>();
    private final Set<String> answers = ConcurrentHashMap.newKeySet();
    private final List<Thread> clients;
    private volatile boolean over;

    /**
     * @param ports where each base serves pages, by its Node: on one machine they share an address
     */
    Traffic(ClusterUser cluster, String service, Map<String, Integer> ports, String path) {
        this.cluster = cluster;
        this.service = service;
        this.ports = Map.copyOf(ports);
        this.path = path;
        this.clients =
                IntStream.range(0, CLIENTS)
                        .mapToObj(i -> Thread.ofVirtual().name("client-" + i).start(this::run))
                        .toList();
    }

    /** What a client of the Service may be sent to. */
    static List<Endpoint> ready(ClusterUser cluster, String service) {
        ApiPath slices =
                ApiPath.endpointSlices("default")
                        .query("labelSelector", "kubernetes.io/service-name=" + service);
        return cluster.list(slices).stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean(false))
                .map(Traffic::endpoint)
                .toList();
    }

    private static Endpoint endpoint(JsonNode endpoint) {
        return new Endpoint(
                endpoint.at("/addresses/0").asString(""), endpoint.at("/nodeName").asString(""));
    }

    /** The text of the page at an endpoint; fails with what went wrong. */
    static String page(HttpClient client, Endpoint at, int port, String path)
            throws IOException, InterruptedException {
        HttpRequest request =
                HttpRequest.newBuilder(URI.create("http://%s:%d%s".formatted(at.ip(), port, path)))
                        .timeout(PATIENCE)
                        .build();
        HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
        if (response.statusCode() != 200) {
            throw new IOException("status " + response.statusCode());
        }
        return response.body().strip();
    }

    /** No client may be later than a proxy: what was read long before is read again. */
    private List<Endpoint> readyNow() {
        while (true) {
            long begun = System.nanoTime();
            List<Endpoint> endpoints;
            try {
                endpoints = ready(cluster, service);
            } catch (RuntimeException e) {
                continue; // the API server is no endpoint
            }
            if (System.nanoTime() - begun < LATE.toNanos()) {
                return endpoints;
            }
        }
    }

    private void run() {
        while (!over) {
            List<Endpoint> endpoints = readyNow();
            sent.incrementAndGet();
            if (endpoints.isEmpty()) {
                lost.add("no ready endpoint");
                continue;
            }
            Endpoint at = endpoints.get(Math.floorMod(turn.getAndIncrement(), endpoints.size()));
            try {
                answers.add(page(client, at, ports.getOrDefault(at.node(), 0), path));
                TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
            } catch (IOException e) {
                lost.add(at.node() + ": " + e);
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    int sent() {
        return sent.get();
    }

    List<String> lost() {
        return List.copyOf(lost);
    }

    /** Every text that was answered. */
    Set<String> answers() {
        return Set.copyOf(answers);
    }

    @Override
    public void close() throws InterruptedException {
        over = true;
        for (Thread one : clients) {
            one.join(PATIENCE);
        }
        client.shutdownNow();
    }
}
