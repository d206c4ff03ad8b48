package io.koupleless.controller.app.benchmark;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.chart.ChartRbac;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.WebPage;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.Component;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.ControlPlaneOptions;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/**
 * 100 fake bases at the wire, a real API server, the controller as its jar: 1,000 Pods at once, 200
 * deleted at once, and what a quiet fleet costs. Prints one table.
 */
class FloorsBenchmark {
    private static final int BASES = Integer.getInteger("benchmark.bases", 100);
    private static final int PODS = Integer.getInteger("benchmark.pods", 1_000);
    private static final int DELETED = Integer.getInteger("benchmark.deleted", 200);
    private static final Duration QUIET =
            Duration.ofSeconds(Integer.getInteger("benchmark.quietSeconds", 180));
    private static final String NAMESPACE = "bench";

    @Test
    void measure() throws Exception {
        Path directory = Files.createDirectories(Path.of("target", "benchmark").toAbsolutePath());
        try (ControlPlane plane =
                        ControlPlane.start(
                                ControlPlaneOptions.defaults().without(Component.SCHEDULER));
                EmbeddedBroker broker = EmbeddedBroker.start(BrokerOptions.defaults());
                ControllerProcess controller = controller(plane, broker, directory);
                MqttFakeBases bases =
                        MqttFakeBases.connect(
                                "tcp://" + broker.host() + ":" + broker.port(), "dev");
                ScheduledExecutorService hearts = Executors.newScheduledThreadPool(1)) {
            controller.awaitReady(Duration.ofSeconds(60));
            ClusterUser admin = plane.admin();
            admin.createNamespace(NAMESPACE);
            await().atMost(Duration.ofSeconds(20)).until(bases::isSubscribed);
            IntStream.range(0, BASES).forEach(i -> bases.join(FakeBase.of("bench-" + i)));
            hearts.scheduleAtFixedRate(bases::heartbeats, 0, 10, TimeUnit.SECONDS);
            await().atMost(Duration.ofSeconds(60)).until(() -> readyNodes(admin) == BASES);
            run(plane, controller, admin);
        }
    }

    private static ControllerProcess controller(
            ControlPlane plane, EmbeddedBroker broker, Path directory) {
        ClusterUser admin = plane.admin();
        admin.apply(ChartRbac.render("module-controller"));
        Path kubeconfig =
                plane.writeKubeconfig(
                        directory.resolve("controller.kubeconfig"),
                        admin.token("module-controller", ChartRbac.SERVICE_ACCOUNT),
                        "module-controller");
        return ControllerProcess.start(
                new ControllerProcess.Setup(
                        Path.of("target", "controller-app-0.1.0-SNAPSHOT.jar"),
                        kubeconfig,
                        new BrokerAddress(broker.host(), broker.port()),
                        directory,
                        Map.of("CLIENT_ID", "benchmark", "NAMESPACE", "module-controller")));
    }

    private static long readyNodes(ClusterUser admin) {
        return admin.list(ApiPath.nodes()).stream()
                .filter(n -> n.at("/status/conditions").toString().contains("BaseAnswering"))
                .count();
    }

    private void run(ControlPlane plane, ControllerProcess controller, ClusterUser admin)
            throws Exception {
        Map<String, Long> sent = new ConcurrentHashMap<>();
        try (ReadyWatch watch =
                new ReadyWatch(plane.client(plane.adminToken()), plane.adminToken(), NAMESPACE)) {
            inParallel(PODS, i -> create(admin, i, sent));
            await("every Pod is Ready")
                    .atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(notReady(admin, watch)).isEmpty());
            double[] millis =
                    sent.entrySet().stream()
                            .mapToDouble(e -> (watch.ready().get(e.getKey()) - e.getValue()) / 1e6)
                            .sorted()
                            .toArray();
            printRequests(controller, "after the burst");
            long began = System.nanoTime();
            inParallel(DELETED, i -> delete(admin, i));
            await().atMost(Duration.ofSeconds(60)).until(() -> watch.gone().size() == DELETED);
            double deleted =
                    watch.gone().values().stream().mapToLong(at -> at).max().orElseThrow() - began;
            double perMinuteAndBase = quietWrites(admin);
            report(controller, millis, deleted / 1e9, perMinuteAndBase);
            assertThat(watch.ready()).hasSize(PODS);
        }
    }

    /** What is known of the first Pods that were not seen Ready. */
    private static List<String> notReady(ClusterUser admin, ReadyWatch watch) {
        if (watch.ready().size() == PODS) {
            return List.of();
        }
        return IntStream.range(0, PODS)
                .mapToObj(i -> "pod-" + i)
                .filter(name -> !watch.ready().containsKey(name))
                .limit(2)
                .map(name ->
                        watch.ready().size()
                                + " ready, but "
                                + admin.get(ApiPath.pod(NAMESPACE, name)).at("/status"))
                .toList();
    }

    /** Thirty-two clients at once, as many as the floor names. */
    private static void inParallel(int count, java.util.function.IntConsumer task)
            throws Exception {
        Semaphore clients = new Semaphore(32);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                int number = i;
                clients.acquire();
                running.add(
                        threads.submit(() -> {
                            try {
                                task.accept(number);
                            } finally {
                                clients.release();
                            }
                        }));
            }
            for (Future<?> one : running) {
                one.get();
            }
        }
    }

    private static void create(ClusterUser admin, int i, Map<String, Long> sent) {
        String name = "pod-" + i;
        String json =
                """
                {"apiVersion":"v1","kind":"Pod","metadata":{"name":"%s",
                "labels":{"virtual-kubelet.koupleless.io/component":"module"}},
                "spec":{"nodeName":"vnode.bench-%d.dev","tolerations":[{"operator":"Exists"}],
                "automountServiceAccountToken":false,
                "containers":[{"name":"biz%d","image":"file:///modules/biz%d.jar",
                "env":[{"name":"BIZ_VERSION","value":"1.0.0"}]}]}}
                """
                        .formatted(name, i % BASES, i, i);
        sent.put(name, System.nanoTime());
        admin.post(ApiPath.pods(NAMESPACE), json);
    }

    private static void delete(ClusterUser admin, int i) {
        admin.delete(ApiPath.pod(NAMESPACE, "pod-" + i));
    }

    private static double quietWrites(ClusterUser admin) {
        ApiServerWrites writes = new ApiServerWrites(admin);
        double[] before = new double[1];
        await("the burst has settled")
                .pollDelay(Duration.ofSeconds(20))
                .atMost(Duration.ofSeconds(30))
                .until(() -> true);
        before[0] = writes.now();
        long from = System.nanoTime();
        await("a quiet while").pollDelay(QUIET).atMost(QUIET.plusSeconds(10)).until(() -> true);
        double minutes = (System.nanoTime() - from) / 60e9;
        return (writes.now() - before[0]) / minutes / BASES;
    }

    /** What the controller asked of the API server so far, by its own metrics. */
    private static void printRequests(ControllerProcess controller, String when) {
        System.out.println(when + ":");
        WebPage.read(controller.url() + "/actuator/prometheus")
                .orElse("")
                .lines()
                .filter(l -> l.startsWith("module_controller_api_requests_total"))
                .forEach(System.out::println);
    }

    private static void report(
            ControllerProcess controller, double[] millis, double deleted, double writes)
            throws IOException {
        String metrics =
                WebPage.read(controller.url() + "/actuator/prometheus").orElse("no metrics");
        String threads =
                Arrays.stream(metrics.split("\n"))
                        .filter(l -> l.startsWith("jvm_threads_peak_threads"))
                        .findFirst()
                        .orElse("jvm_threads_peak_threads ?");
        String peak =
                Files.readAllLines(Path.of("/proc/" + controller.process().pid() + "/status"))
                        .stream()
                        .filter(l -> l.startsWith("VmHWM"))
                        .findFirst()
                        .orElse("VmHWM ?");
        System.out.printf(
                "%d bases, %d Pods: create to Ready p50 %.0f ms, p99 %.0f ms, max %.0f ms%n"
                        + "%d Pods deleted: %.2f s%n"
                        + "quiet: %.2f API writes per minute and base%n"
                        + "%s%n%s%n",
                BASES,
                millis.length,
                millis[millis.length / 2],
                millis[(int) (millis.length * 0.99)],
                millis[millis.length - 1],
                DELETED,
                deleted,
                writes,
                threads,
                peak);
    }
}
