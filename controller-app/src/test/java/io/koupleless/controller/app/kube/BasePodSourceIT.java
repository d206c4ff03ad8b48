package io.koupleless.controller.app.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.kube.BasePodSettings;
import io.koupleless.controller.kube.BasePodSource;
import io.koupleless.controller.kube.KubeClientSettings;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What base Pods are taken for, on a real API server. */
@ResourceLock(Lane.WIRE)
class BasePodSourceIT {
    private static final String DELETE_NOW = "{\"gracePeriodSeconds\": 0}";
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final List<String> NAMESPACES = List.of("shop", "bank");
    private static final String ANNOTATION = "module-controller.koupleless.io/arklet-port";

    private static ControlPlane controlPlane;
    private static ClusterUser user;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final List<String> toldOfShop = new CopyOnWriteArrayList<>();
    private ExecutorService workers;
    private KubeClients clients;
    private BasePodSource all;
    private BasePodSource shop;

    @BeforeAll
    static void prepareNamespaces() {
        controlPlane = ApiServerAlone.get();
        user = controlPlane.admin();
        NAMESPACES.forEach(namespace -> {
            user.createNamespace(namespace);
            user.create(
                    """
                    {"apiVersion": "v1", "kind": "ServiceAccount",
                     "metadata": {"name": "default", "namespace": "%s"}}
                    """
                            .formatted(namespace));
        });
    }

    @BeforeEach
    void connect() {
        workers = Executors.newVirtualThreadPerTaskExecutor();
        clients =
                KubeClients.connect(
                        Optional.of(controlPlane.kubeconfig()),
                        KubeClientSettings.DEFAULTS,
                        new SimpleMeterRegistry());
        all = source(Optional.empty());
        shop = source(Optional.of("shop"));
    }

    private BasePodSource source(Optional<String> namespace) {
        return new BasePodSource(
                clients,
                new BasePodSettings(
                        "Test", "app in (base)", namespace, 1238, "default", CarriedKeys.NONE),
                System::nanoTime,
                workers);
    }

    @AfterEach
    void close() {
        NAMESPACES.forEach(namespace -> user.delete(ApiPath.pods(namespace), DELETE_NOW));
        all.close();
        shop.close();
        clients.close();
        workers.close();
    }

    private void start() {
        all.start(new Notes(told));
        shop.start(new Notes(toldOfShop));
    }

    /** A Pod that a kubelet would run, were there one. */
    private record PodOf(String namespace, String name) {
        private ApiPath path() {
            return ApiPath.pod(namespace, name);
        }

        private void create(String metadata, String spec) {
            user.create(
                    """
                    {"apiVersion": "v1", "kind": "Pod",
                     "metadata": {"name": "%s", "namespace": "%s", %s},
                     "spec": {%s, "containers": [{"name": "base", "image": "base"}]}}
                    """
                            .formatted(name, namespace, metadata, spec));
        }

        private void run(String ip) {
            status(
                    """
                    {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}]}}
                    """
                            .formatted(ip));
        }

        private void status(String json) {
            user.patch(path().status(), PatchType.MERGE, json);
        }

        private void label(String key, String value) {
            user.patch(
                    path(),
                    PatchType.MERGE,
                    "{\"metadata\": {\"labels\": {\"%s\": %s}}}".formatted(key, value));
        }

        private void deleteNow() {
            user.delete(path(), DELETE_NOW);
        }
    }

    private static PodOf pod(String namespace, String name) {
        PodOf pod = new PodOf(namespace, name);
        pod.create("\"labels\": {\"app\": \"base\"}", "\"nodeName\": \"worker-1\"");
        return pod;
    }

    private static PodOf running(String namespace, String name, String ip) {
        PodOf pod = pod(namespace, name);
        pod.run(ip);
        return pod;
    }

    private void awaitTold(String... what) {
        await().atMost(SOON)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(told).containsExactly(what));
    }

    @Test
    void aPodIsFoundWithItsAddressLeavesAndIsGone() {
        start();
        PodOf pod = pod("shop", "life");
        pod.status("{\"status\": {\"phase\": \"Pending\"}}");
        pod.run("10.1.0.1");
        awaitTold("found 10.1.0.1:1238 life");

        pod.status(
                """
                {"status": {"conditions": [{"type": "Ready", "status": "True"}]}}
                """);
        user.delete(pod.path());
        awaitTold("found 10.1.0.1:1238 life", "leaving 10.1.0.1:1238");

        pod.deleteNow();

        awaitTold("found 10.1.0.1:1238 life", "leaving 10.1.0.1:1238", "gone 10.1.0.1:1238");
    }

    @Test
    void aPodThatIsThereAtTheStartIsFound() {
        running("shop", "early", "10.1.0.1");

        start();

        awaitTold("found 10.1.0.1:1238 early");
    }

    @Test
    void aPodDeletedByForceIsGoneAtOnce() {
        start();
        PodOf pod = running("shop", "forced", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 forced");

        pod.deleteNow();

        await().atMost(SOON).until(() -> told.getLast().equals("gone 10.1.0.1:1238"));
        assertThat(told)
                .as("whether it leaves before is the API server's way")
                .hasSizeBetween(2, 3);
    }

    @Test
    void aPodThatEndedIsGoneThoughItsObjectStays() {
        start();
        PodOf pod = running("shop", "evicted", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 evicted");

        pod.status("{\"status\": {\"phase\": \"Failed\", \"reason\": \"Evicted\"}}");

        awaitTold("found 10.1.0.1:1238 evicted", "gone 10.1.0.1:1238");
    }

    @Test
    void aChangedLabelIsToldAndWithoutTheSelectorsThePodIsOnlyLost() {
        start();
        PodOf pod = running("shop", "relabelled", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 relabelled");

        pod.label("base.koupleless.io/name", "\"other\"");
        awaitTold("found 10.1.0.1:1238 relabelled", "found 10.1.0.1:1238 other");
        pod.label("app", "null");
        awaitTold(
                "found 10.1.0.1:1238 relabelled",
                "found 10.1.0.1:1238 other",
                "lost 10.1.0.1:1238");

        pod.label("app", "\"base\"");
        awaitTold(
                "found 10.1.0.1:1238 relabelled",
                "found 10.1.0.1:1238 other",
                "lost 10.1.0.1:1238",
                "found 10.1.0.1:1238 other");
    }

    @Test
    void anotherAddressOfThePodIsAnotherBase() {
        start();
        PodOf pod = running("shop", "moved", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 moved");

        pod.run("10.1.0.2");

        awaitTold("found 10.1.0.1:1238 moved", "gone 10.1.0.1:1238", "found 10.1.0.2:1238 moved");
    }

    @Test
    void theDeletionOfAnOldPodDoesNotHurtTheNewOneAtItsAddress() {
        start();
        PodOf old = running("shop", "old", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 old");
        user.delete(old.path());
        awaitTold("found 10.1.0.1:1238 old", "leaving 10.1.0.1:1238");
        running("shop", "fresh", "10.1.0.1");
        String[] words = {
            "found 10.1.0.1:1238 old",
            "leaving 10.1.0.1:1238",
            "gone 10.1.0.1:1238",
            "found 10.1.0.1:1238 fresh"
        };
        awaitTold(words);

        old.deleteNow();
        running("shop", "last", "10.1.0.9");

        await().atMost(SOON).until(() -> told.contains("found 10.1.0.9:1238 last"));
        assertThat(told).startsWith(words).hasSize(words.length + 1);
    }

    @Test
    void onTheHostsNetworkABaseSaysNameAndPort() {
        start();
        String host = "\"hostNetwork\": true, \"nodeName\": \"worker-1\"";
        PodOf silent = new PodOf("shop", "silent");
        silent.create("\"labels\": {\"app\": \"base\"}", host);
        silent.run("10.9.0.1");
        for (int port = 2001; port <= 2002; port++) {
            PodOf pod = new PodOf("shop", "host-" + port);
            pod.create(
                    """
                    "labels": {"app": "base", "base.koupleless.io/name": "on-host"},
                    "annotations": {"%s": "%d"}
                    """
                            .formatted(ANNOTATION, port),
                    host);
            pod.run("10.9.0.1");
        }

        awaitTold("found 10.9.0.1:2001 on-host", "found 10.9.0.1:2002 on-host");
    }

    @Test
    void aPodOnAVirtualNodeIsNoBase() {
        start();
        PodOf byNode = new PodOf("shop", "by-node");
        byNode.create("\"labels\": {\"app\": \"base\"}", "\"nodeName\": \"vnode.a.test\"");
        byNode.run("10.1.0.1");
        PodOf byLabel = new PodOf("shop", "by-label");
        byLabel.create(
                """
                "labels": {"app": "base", "virtual-kubelet.koupleless.io/component": "module"}
                """,
                "\"nodeName\": \"vnode.a.other\"");
        byLabel.run("10.1.0.2");
        running("shop", "real", "10.1.0.3");

        awaitTold("found 10.1.0.3:1238 real");
    }

    @Test
    void oneNamespaceOrAll() {
        start();
        running("bank", "there", "10.2.0.1");
        running("shop", "here", "fd00::1");

        awaitTold("found 10.2.0.1:1238 there", "found [fd00::1]:1238 here");
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(toldOfShop).containsExactly("found [fd00::1]:1238 here"));
    }

    @Test
    void theApiServerMayGoAwayForAWhile() {
        start();
        running("shop", "stays", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 stays");
        PodOf vanishes = running("shop", "vanishes", "10.1.0.2");
        awaitTold("found 10.1.0.1:1238 stays", "found 10.1.0.2:1238 vanishes");

        controlPlane.killApiServer();
        controlPlane.startApiServer();
        vanishes.deleteNow();

        await().atMost(SOON).until(() -> told.contains("gone 10.1.0.2:1238"));
        assertThat(told).filteredOn(word -> word.contains("10.1.0.1")).hasSize(1);
    }

    @Test
    void whoClosedItHearsNothingMore() {
        start();
        running("shop", "before", "10.1.0.1");
        awaitTold("found 10.1.0.1:1238 before");

        all.close();
        running("shop", "after", "10.1.0.2");

        await().atMost(SOON).until(() -> toldOfShop.contains("found 10.1.0.2:1238 after"));
        assertThat(told).containsExactly("found 10.1.0.1:1238 before");
    }

    private record Notes(List<String> words) implements BaseSourceListener {
        @Override
        public void found(FoundBase base) {
            words.add("found " + base.address() + " " + base.name());
        }

        @Override
        public void leaving(BaseAddress address) {
            words.add("leaving " + address);
        }

        @Override
        public void gone(BaseAddress address) {
            words.add("gone " + address);
        }

        @Override
        public void lost(BaseAddress address) {
            words.add("lost " + address);
        }
    }
}
