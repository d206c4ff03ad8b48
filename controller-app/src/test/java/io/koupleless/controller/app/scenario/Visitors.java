package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.WebPage;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/** Requests without end to the ready endpoints of a Service, one endpoint after the other. */
final class Visitors implements AutoCloseable {
    private static final Duration PAUSE = Duration.ofMillis(50);

    private final ClusterUser cluster;
    private final ApiPath slices;
    private final Function<JsonNode, String> page;
    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();

    /**
     * @param page what to ask of an endpoint: a URL
     */
    Visitors(ClusterUser cluster, String service, Function<JsonNode, String> page) {
        this.cluster = cluster;
        this.slices =
                new ApiPath("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices")
                        .query("labelSelector", "kubernetes.io/service-name=" + service);
        this.page = page;
    }

    void begin() {
        var _ =
                loop.scheduleWithFixedDelay(
                        this::visit, 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    List<JsonNode> endpoints() {
        return cluster.list(slices).stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean(false))
                .toList();
    }

    private void visit() {
        try {
            List<JsonNode> endpoints = endpoints();
            if (endpoints.isEmpty()) {
                lost.add("no endpoint is ready");
                return;
            }
            JsonNode endpoint = endpoints.get(served.get() % endpoints.size());
            String url = page.apply(endpoint);
            if (WebPage.read(url).isPresent()) {
                served.incrementAndGet();
            } else {
                lost.add(url + " of " + endpoint.at("/targetRef/name").asString());
            }
        } catch (RuntimeException e) {
            lost.add(e.toString());
        }
    }

    int served() {
        return served.get();
    }

    List<String> lost() {
        return lost;
    }

    @Override
    public void close() {
        loop.shutdownNow();
    }
}
