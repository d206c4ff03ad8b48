package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.WebPage;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
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

    /** Pods that the last visit, which is over, might have gone to. */
    private volatile Set<String> known = Set.of();

    private final List<String> lost = new CopyOnWriteArrayList<>();
    private final AtomicInteger served = new AtomicInteger();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();

    Visitors(ClusterUser cluster, String service) {
        this.cluster = cluster;
        this.slices =
                new ApiPath("/apis/discovery.k8s.io/v1/namespaces/default/endpointslices")
                        .query("labelSelector", "kubernetes.io/service-name=" + service);
    }

    /**
     * @param page what to ask of a Pod: a URL
     */
    void begin(Function<String, String> page) {
        var _ =
                loop.scheduleWithFixedDelay(
                        () -> visit(page), 0, PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    }

    List<JsonNode> endpoints() {
        return cluster.list(slices).stream()
                .flatMap(slice -> slice.path("endpoints").valueStream())
                .filter(endpoint -> endpoint.at("/conditions/ready").asBoolean(false))
                .toList();
    }

    /** Whether a request may be on its way to that Pod, or may yet be sent to it. */
    boolean mayVisit(String pod) {
        return known.contains(pod);
    }

    private void visit(Function<String, String> page) {
        List<String> pods;
        try {
            pods = endpoints().stream().map(e -> e.at("/targetRef/name").asString()).toList();
        } catch (RuntimeException e) {
            return; // the API server is no base
        }
        Set<String> before = known;
        Set<String> both = new HashSet<>(before);
        both.addAll(pods);
        known = both;
        if (pods.isEmpty()) {
            lost.add("no endpoint is ready");
        } else {
            visit(pods.get(served.get() % pods.size()), page);
        }
        known = Set.copyOf(pods);
    }

    private void visit(String pod, Function<String, String> page) {
        try {
            if (WebPage.read(page.apply(pod)).isPresent()) {
                served.incrementAndGet();
            } else {
                lost.add("a page of " + pod);
            }
        } catch (RuntimeException e) {
            lost.add(pod + ": " + e);
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
