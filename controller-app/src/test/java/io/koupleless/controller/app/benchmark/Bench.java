package io.koupleless.controller.app.benchmark;

import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.chart.ChartRbac;
import io.koupleless.controller.testkit.base.WebPage;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.Component;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.ControlPlaneOptions;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;

/** A real API server, the controller as its jar, and fake bases that are all Ready. */
final class Bench implements AutoCloseable {
    private static final String NAMESPACE = "module-controller";

    private final ControlPlane plane =
            ControlPlane.start(ControlPlaneOptions.defaults().without(Component.SCHEDULER));
    private final BenchFleet fleet;
    private final ControllerProcess controller;
    private final ClusterUser admin = plane.admin();
    private final Clients clients = new Clients(plane, 32);
    private final List<FakeBase> bases;

    /**
     * What a burst has taken, of time and of the machine.
     *
     * @param shown until a watch shows the Pod at all: the API server's part
     */
    record Burst(
            Latencies latencies,
            Latencies shown,
            double createdSeconds,
            CpuSeconds cpu,
            ApiRequests requests) {
        @Override
        public String toString() {
            return "%s (shown after %s; all created after %.1f s; CPU: %s; requests: %s)"
                    .formatted(latencies, shown, createdSeconds, cpu, requests);
        }
    }

    /** Returns when every Node is Ready. */
    Bench(String profile, int count) {
        fleet = BenchFleet.of(profile);
        controller = startController();
        controller.awaitReady(Duration.ofSeconds(60));
        bases = IntStream.range(0, count).mapToObj(i -> FakeBase.of("bench-" + i)).toList();
        fleet.join(bases);
        await("every Node is Ready")
                .atMost(Duration.ofSeconds(180))
                .pollInterval(Duration.ofSeconds(1))
                .until(() -> readyNodes() == count);
    }

    private ControllerProcess startController() {
        admin.apply(ChartRbac.render(NAMESPACE));
        Path directory = directory();
        Path kubeconfig =
                plane.writeKubeconfig(
                        directory.resolve("controller.kubeconfig"),
                        admin.token(NAMESPACE, ChartRbac.SERVICE_ACCOUNT),
                        NAMESPACE);
        Map<String, String> settings = new HashMap<>(fleet.settings());
        settings.put("CLIENT_ID", "benchmark");
        settings.put("NAMESPACE", NAMESPACE);
        settings.putAll(furtherSettings());
        return ControllerProcess.start(
                new ControllerProcess.Setup(
                        Path.of("target", "controller-app-0.1.0-SNAPSHOT.jar"),
                        kubeconfig,
                        fleet.profile(),
                        fleet.broker(),
                        directory,
                        settings));
    }

    /** To compare: environment variables of the controller, {@code NAME=value} by semicolons. */
    private static Map<String, String> furtherSettings() {
        Map<String, String> settings = new HashMap<>();
        for (String one : System.getProperty("benchmark.settings", "").split(";", -1)) {
            int equals = one.indexOf('=');
            if (equals > 0) {
                settings.put(one.substring(0, equals), one.substring(equals + 1));
            }
        }
        return settings;
    }

    private Path directory() {
        try {
            return Files.createDirectories(
                    Path.of("target", "benchmark", fleet.profile()).toAbsolutePath());
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    ClusterUser admin() {
        return admin;
    }

    BenchFleet fleet() {
        return fleet;
    }

    FakeBase base(int number) {
        return bases.get(number);
    }

    private long readyNodes() {
        return admin.list(ApiPath.nodes()).stream()
                .filter(n -> n.at("/status/conditions").toString().contains("BaseAnswering"))
                .count();
    }

    /**
     * Creates Pods on all bases at once, thirty-two clients at a time as the floor says, and waits
     * until they are Ready.
     *
     * @param unwatched Pods of this base are not waited for, and not counted; -1 for none
     */
    Burst burst(String namespace, int pods, int unwatched) throws Exception {
        admin.createNamespace(namespace);
        Map<String, Long> sent = new ConcurrentHashMap<>();
        ApiRequests requests = ApiRequests.until(admin);
        try (ReadyWatch watch = watch(namespace)) {
            CpuSeconds cpu = CpuSeconds.untilNow();
            long began = System.nanoTime();
            clients.share(pods, (user, i) -> create(user, namespace, i, sent));
            double created = (System.nanoTime() - began) / 1e9;
            List<String> counted =
                    IntStream.range(0, pods)
                            .filter(i -> i % bases.size() != unwatched)
                            .mapToObj(i -> "pod-" + i)
                            .toList();
            await("every Pod is Ready")
                    .atMost(Duration.ofSeconds(120))
                    .until(() -> watch.ready().keySet().containsAll(counted));
            return new Burst(
                    Latencies.of(counted, sent, watch.ready()),
                    Latencies.of(counted, sent, watch.there()),
                    created,
                    CpuSeconds.untilNow().since(cpu),
                    ApiRequests.until(admin).since(requests));
        }
    }

    private ReadyWatch watch(String namespace) {
        return new ReadyWatch(
                plane.client(plane.adminToken()),
                plane.adminToken(),
                namespace,
                admin.get(ApiPath.pods(namespace).query("limit", "1"))
                        .at("/metadata/resourceVersion")
                        .asString());
    }

    private void create(ClusterUser user, String namespace, int i, Map<String, Long> sent) {
        String name = "pod-" + i;
        String json =
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s",
                "labels":{"virtual-kubelet.koupleless.io/component":"module"}},
                "spec":{"nodeName":"vnode.bench-%d.dev","tolerations":[{"operator":"Exists"}],
                "automountServiceAccountToken":false,
                "containers":[{"name":"biz%d","image":"file:///modules/%s-biz%d.jar",
                "env":[{"name":"BIZ_VERSION","value":"1.0.0"}]}]}}
                """
                        .formatted(name, i % bases.size(), i, namespace, i);
        sent.put(name, System.nanoTime());
        user.post(ApiPath.pods(namespace), json);
    }

    /** Deletes the first Pods; seconds until the last was gone. */
    double delete(String namespace, int count) throws Exception {
        try (ReadyWatch watch = watch(namespace)) {
            long began = System.nanoTime();
            clients.share(count, (user, i) -> user.delete(ApiPath.pod(namespace, "pod-" + i)));
            await().atMost(Duration.ofSeconds(60)).until(() -> watch.gone().size() >= count);
            long last = watch.gone().values().stream().mapToLong(at -> at).max().orElseThrow();
            return (last - began) / 1e9;
        }
    }

    /** By {@code apiserver_request_total}, once things have settled. */
    double writesPerMinuteAndBase(Duration quiet) {
        pass(Duration.ofSeconds(20));
        ApiRequests before = ApiRequests.until(admin);
        long from = System.nanoTime();
        pass(quiet);
        double minutes = (System.nanoTime() - from) / 60e9;
        return ApiRequests.until(admin).since(before).writes() / minutes / bases.size();
    }

    private static void pass(Duration time) {
        await("a while").pollDelay(time).atMost(time.plusSeconds(10)).until(() -> true);
    }

    /** Peak of {@code ThreadMXBean}, as the controller's own metric tells it. */
    int peakThreads() {
        return WebPage.read(controller.url() + "/actuator/prometheus")
                .orElse("")
                .lines()
                .filter(l -> l.startsWith("jvm_threads_peak_threads"))
                .map(l -> (int) Double.parseDouble(l.substring(l.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** {@code VmHWM} in MB. */
    long peakMegabytes() {
        try {
            Path status = Path.of("/proc/" + controller.process().pid() + "/status");
            return Files.readAllLines(status).stream()
                    .filter(l -> l.startsWith("VmHWM"))
                    .map(l -> Long.parseLong(l.replaceAll("[^0-9]", "")) / 1_024)
                    .findFirst()
                    .orElseThrow();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        controller.close();
        fleet.close();
        plane.close();
    }
}
