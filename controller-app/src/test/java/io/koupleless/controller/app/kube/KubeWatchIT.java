package io.koupleless.controller.app.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.kube.KubeClientSettings;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.kube.NodeInformer;
import io.koupleless.controller.kube.NodeListener;
import io.koupleless.controller.kube.PodInformers;
import io.koupleless.controller.kube.PodListener;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** What the informers tell, on a real API server. */
@ResourceLock(Lane.WIRE)
class KubeWatchIT {
    private static final String LABEL = "virtual-kubelet.koupleless.io/component";
    private static final String LABEL_OF_DOCS = "module-controller.koupleless.io/component";
    private static final String DELETE_NOW = "{\"gracePeriodSeconds\": 0}";
    private static final Duration SOON = Duration.ofSeconds(60);

    private static ControlPlane controlPlane;
    private static ClusterUser user;

    private final List<String> told = new CopyOnWriteArrayList<>();
    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private KubeClients clients;
    private PodInformers pods;
    private NodeInformer nodes;

    @BeforeAll
    static void prepareNamespaces() {
        controlPlane = ApiServerAlone.get();
        user = controlPlane.admin();
        user.createNamespace("watched");
        user.create(
                """
                {"apiVersion": "v1", "kind": "ServiceAccount",
                 "metadata": {"name": "default", "namespace": "watched"}}
                """);
    }

    @BeforeEach
    void connect() {
        clients =
                KubeClients.connect(
                        Optional.of(controlPlane.kubeconfig()),
                        KubeClientSettings.DEFAULTS,
                        meters);
        pods = new PodInformers(clients, false, System::nanoTime, new PodNotes());
        nodes = new NodeInformer(clients, "Test", System::nanoTime, new NodeNotes());
    }

    @AfterEach
    void close() {
        user.delete(ApiPath.pods("watched"), DELETE_NOW);
        pods.close();
        nodes.close();
        clients.close();
    }

    private void start() {
        pods.start();
        nodes.start();
        await().atMost(SOON).until(() -> told.containsAll(List.of("pods synced", "nodes synced")));
    }

    private static PodRef pod(String name, String labels, String node) {
        String uid =
                user.create(
                                """
                                {"apiVersion": "v1", "kind": "Pod",
                                 "metadata": {"name": "%s", "namespace": "watched",
                                   "labels": {%s}},
                                 "spec": {"nodeName": "%s",
                                   "containers": [{"name": "biz1", "image": "http://h/1.jar"}]}}
                                """
                                        .formatted(name, labels, node))
                        .getFirst()
                        .at("/metadata/uid")
                        .asString();
        return new PodRef("watched", name, uid);
    }

    private static String label(String key) {
        return "\"%s\": \"module\"".formatted(key);
    }

    private static void unlabel(String name, String key) {
        user.patch(
                ApiPath.pod("watched", name),
                PatchType.MERGE,
                "{\"metadata\": {\"labels\": {\"%s\": null}}}".formatted(key));
    }

    private static void delete(String name) {
        user.delete(ApiPath.pod("watched", name), DELETE_NOW);
    }

    private void awaitTold(String... what) {
        await().atMost(SOON)
                .pollInterval(Duration.ofMillis(20))
                .untilAsserted(() -> assertThat(told).contains(what));
    }

    private long count(String what) {
        return told.stream().filter(what::equals).count();
    }

    @Test
    void whatIsThereAtTheStartIsSeenBeforeSynced() {
        pod("early", label(LABEL), "vnode.a.test");
        pod("early-docs", label(LABEL_OF_DOCS), "vnode.a.test");
        pod("early-other", "\"app\": \"x\"", "vnode.a.test");
        pod("early-unbound", label(LABEL), "");

        start();

        int synced = told.indexOf("pods synced");
        assertThat(told.subList(0, synced)).contains("seen early", "seen early-docs");
        assertThat(told).doesNotContain("seen early-other", "seen early-unbound");
        assertThat(pods.podsOn("vnode.a.test")).hasSize(2);
        assertThat(pods.synced()).isTrue();
        assertThat(pods.fresh(Duration.ofSeconds(30))).isTrue();
    }

    @Test
    void everyPodOnOurNodesIsAModulesIfASettingSaysSo() {
        pod("plain", "\"app\": \"x\"", "vnode.a.test");
        pod("elsewhere", "\"app\": \"x\"", "machine-1");
        start();
        assertThat(told).doesNotContain("seen plain");

        try (PodInformers all = new PodInformers(clients, true, System::nanoTime, new PodNotes())) {
            all.start();
            awaitTold("seen plain");
            assertThat(all.podsOn("vnode.a.test")).singleElement().matches(ModulePod::labelled);
            await().atMost(SOON).until(all::synced);
            assertThat(told).doesNotContain("seen elsewhere");
        }
    }

    @Test
    void aPodIsSeenBoundTerminatingAndGone() {
        start();
        pod("life", label(LABEL), "");
        user.post(
                ApiPath.pod("watched", "life").child("binding"),
                """
                {"apiVersion": "v1", "kind": "Binding", "metadata": {"name": "life"},
                 "target": {"kind": "Node", "name": "vnode.b.test"}}
                """);
        awaitTold("seen life");
        assertThat(pods.podsOn("vnode.b.test")).hasSize(1);

        user.delete(ApiPath.pod("watched", "life"));
        awaitTold("terminating life");
        delete("life");

        awaitTold("unseen life");
        assertThat(pods.podsOn("vnode.b.test")).isEmpty();
    }

    @Test
    void aPodOfBothLabelsIsUnseenWithTheSecond() {
        start();
        pod("both", label(LABEL) + "," + label(LABEL_OF_DOCS), "vnode.c.test");
        awaitTold("seen both");

        unlabel("both", LABEL);
        pod("after-first", label(LABEL), "vnode.c.test");
        awaitTold("seen after-first");
        assertThat(told).doesNotContain("unseen both");

        unlabel("both", LABEL_OF_DOCS);
        awaitTold("unseen both");
    }

    @Test
    void aReplayTellsAgain() {
        start();
        pod("again", label(LABEL), "vnode.d.test");
        awaitTold("seen again");

        pods.replay("vnode.d.test");

        assertThat(count("seen again")).isEqualTo(2);
    }

    @Test
    void onlyNodesOfOurEnvironmentAreSeen() {
        start();
        user.create(
                """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "vnode.n.test",
                  "labels": {"virtual-kubelet.koupleless.io/component": "vnode",
                    "virtual-kubelet.koupleless.io/env": "Other"}}}
                """);
        user.create(
                """
                {"apiVersion": "v1", "kind": "Node", "metadata": {"name": "vnode.m.test",
                  "labels": {"virtual-kubelet.koupleless.io/component": "vnode",
                    "virtual-kubelet.koupleless.io/env": "Test"}}}
                """);
        awaitTold("node vnode.m.test");
        assertThat(nodes.find("vnode.m.test")).isPresent();

        user.delete(ApiPath.node("vnode.m.test"));

        awaitTold("no node vnode.m.test");
        assertThat(told).doesNotContain("node vnode.n.test");
        user.delete(ApiPath.node("vnode.n.test"));
    }

    @Test
    void aListOfMoreThanOnePageIsWhole() throws Exception {
        List<Callable<PodRef>> creations =
                IntStream.range(0, 520)
                        .<Callable<PodRef>>mapToObj(
                                i -> () -> pod("page-" + i, label(LABEL), "vnode.e.test"))
                        .toList();
        try (ExecutorService threads = Executors.newFixedThreadPool(20)) {
            for (Future<PodRef> created : threads.invokeAll(creations)) {
                created.get();
            }
        }

        start();

        assertThat(pods.podsOn("vnode.e.test")).hasSize(520);
        double lists =
                meters.get("module.controller.api.requests")
                        .tags("verb", "list", "resource", "pods", "code", "200")
                        .counter()
                        .count();
        assertThat(lists).as("two pages of one label, one of the other").isEqualTo(3);
    }

    @Test
    void nothingIsLostWhileTheApiServerIsAway() {
        start();
        PodRef old = pod("replaced", label(LABEL), "vnode.f.test");
        pod("stays", label(LABEL), "vnode.f.test");
        awaitTold("seen replaced", "seen stays");

        controlPlane.killApiServer();
        await().atMost(SOON).until(() -> !pods.fresh(Duration.ofSeconds(3)));
        assertThat(told).doesNotContain("unseen stays", "unseen replaced");
        controlPlane.startApiServer();
        delete("replaced");
        PodRef fresh = pod("replaced", label(LABEL), "vnode.f.test");

        awaitTold("unseen replaced");
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(pods.podsOn("vnode.f.test"))
                                .extracting(pod -> pod.ref().uid())
                                .contains(fresh.uid())
                                .doesNotContain(old.uid()));
        await().atMost(SOON).until(() -> pods.fresh(Duration.ofSeconds(10)));
        assertThat(count("seen stays")).isEqualTo(1);
    }

    @Test
    void nothingIsLeftBehind() {
        start();
        assertThat(informerThreads()).isPositive();

        pods.close();
        nodes.close();

        await().atMost(SOON).until(() -> informerThreads() == 0);
    }

    private static long informerThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .map(Thread::getName)
                .filter(n -> n.startsWith("informer-controller") || n.startsWith("controller-refl"))
                .count();
    }

    private final class PodNotes implements PodListener {
        @Override
        public void podSeen(ModulePod pod) {
            told.add((pod.terminating() ? "terminating " : "seen ") + pod.ref().name());
        }

        @Override
        public void podUnseen(String nodeName, PodRef pod, String resourceVersion) {
            told.add("unseen " + pod.name());
        }

        @Override
        public void synced() {
            told.add("pods synced");
        }
    }

    private final class NodeNotes implements NodeListener {
        @Override
        public void nodeSeen(ObservedNode node) {
            told.add("node " + node.name());
        }

        @Override
        public void nodeUnseen(String name) {
            told.add("no node " + name);
        }

        @Override
        public void synced() {
            told.add("nodes synced");
        }
    }
}
