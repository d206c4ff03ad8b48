package io.koupleless.controller.app.scenario;

import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.net.Inet4Address;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/**
 * Plays the kubelet of a machine whose Pods run bases: starts a real base for each, writes what a
 * kubelet would write of it, and ends it when its Pod terminates.
 */
final class BaseKubelet implements AutoCloseable {
    private static final Duration LOOK = Duration.ofMillis(250);

    private static final String GATE = "module-controller.koupleless.io/modules-ready";

    private final ClusterUser cluster;
    private final String app;
    private final Function<String, SampleBase> starter;
    private final Predicate<String> routed;
    private final Map<String, SampleBase> bases = new ConcurrentHashMap<>();
    private final Map<String, String> reported = new ConcurrentHashMap<>();
    private final List<String> tooEarly = new CopyOnWriteArrayList<>();
    private final ScheduledExecutorService loop = Executors.newSingleThreadScheduledExecutor();

    /**
     * @param app label of the Pods
     * @param starter a base for the Pod of this name
     * @param routed whether a request may still be sent to the Pod of this name: a base ends only
     *     then, as with a preStop hook that waits for whoever routes requests
     */
    BaseKubelet(
            ClusterUser cluster,
            String app,
            Function<String, SampleBase> starter,
            Predicate<String> routed) {
        this.cluster = cluster;
        this.app = app;
        this.starter = starter;
        this.routed = routed;
        var _ = loop.scheduleWithFixedDelay(this::look, 0, LOOK.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** An address of this machine that EndpointSlices may hold. */
    static String ip() {
        try {
            return NetworkInterface.networkInterfaces()
                    .flatMap(network -> network.getInterfaceAddresses().stream())
                    .map(InterfaceAddress::getAddress)
                    .filter(Inet4Address.class::isInstance)
                    .filter(address -> !address.isLoopbackAddress())
                    .map(address -> address.getHostAddress())
                    .findFirst()
                    .orElseThrow();
        } catch (SocketException e) {
            throw new IllegalStateException(e);
        }
    }

    /** After the Deployment is gone: nobody is left who would end its Pods. */
    static void clear(ClusterUser cluster, String app) {
        await("no Pod of " + app)
                .atMost(Duration.ofSeconds(120))
                .until(() -> {
                    List<JsonNode> left = podsOf(cluster, app);
                    left.forEach(pod ->
                            cluster.delete(
                                    ApiPath.pod("default", pod.at("/metadata/name").asString()),
                                    Stage.BY_FORCE));
                    return left.isEmpty();
                });
    }

    Optional<SampleBase> base(String pod) {
        return Optional.ofNullable(bases.get(pod));
    }

    /** Pods whose gate was open though their base did not serve the module. */
    List<String> tooEarly() {
        return tooEarly;
    }

    List<JsonNode> pods() {
        return podsOf(cluster, app);
    }

    private static List<JsonNode> podsOf(ClusterUser cluster, String app) {
        return cluster.list(ApiPath.pods("default").query("labelSelector", "app=" + app));
    }

    private void look() {
        try {
            pods().forEach(this::sync);
        } catch (RuntimeException e) {
            // Whatever it was, the next look sees it too.
        }
    }

    private void sync(JsonNode pod) {
        String name = pod.at("/metadata/name").asString();
        SampleBase base = bases.computeIfAbsent(name, starter);
        if (!pod.at("/metadata/deletionTimestamp").isMissingNode()) {
            end(name, base);
            return;
        }
        boolean up = base.isServing();
        boolean open = Conditions.is(pod, GATE, "True");
        if (open && base.page("/biz1/").isEmpty()) {
            tooEarly.add(name);
        }
        String status = status(up, up && open);
        if (!status.equals(reported.put(name, status))) {
            cluster.patch(
                    ApiPath.pod("default", name).status(), PatchType.STRATEGIC, stamped(status));
        }
    }

    private void end(String name, SampleBase base) {
        if (!routed.test(name)) {
            base.close();
            cluster.delete(ApiPath.pod("default", name), Stage.BY_FORCE);
            bases.remove(name);
        }
    }

    private static String status(boolean up, boolean ready) {
        return """
        {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}],
         "conditions": [
          {"type": "Ready", "status": "%3$s", "lastTransitionTime": "NOW"},
          {"type": "ContainersReady", "status": "%2$s", "lastTransitionTime": "NOW"}],
         "containerStatuses": [{"name": "base", "image": "base", "imageID": "", "ready": %4$s,
          "restartCount": 0, "state": {"running": {}}}]}}
        """
                .formatted(ip(), said(up), said(ready), up);
    }

    private static String stamped(String status) {
        return status.replace("NOW", Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
    }

    private static String said(boolean condition) {
        return condition ? "True" : "False";
    }

    @Override
    public void close() {
        loop.shutdownNow();
        bases.values().forEach(SampleBase::close);
    }
}
