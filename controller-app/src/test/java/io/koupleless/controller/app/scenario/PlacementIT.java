package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.app.scenario.WireStage.Way;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Where the real scheduler puts modules, by what bases and their Pods say. */
@ResourceLock(Lane.WIRE)
class PlacementIT {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final long MI = 1 << 20;
    private static final String METASPACE = "module-controller.koupleless.io/metaspace";

    private final WireStage stage = WireStage.get();

    @Test
    void modulesChooseABaseByItsOwnLabelsWhichFollowIt() {
        FakeBase base =
                stage.begin(
                        Way.MQTT,
                        FakeBase.of("labelled")
                                .labelled(
                                        Map.of(
                                                "custom.koupleless.io/disk", "ssd",
                                                "custom.koupleless.io/note", "a b",
                                                "kubernetes.io/os", "pretended",
                                                "base.koupleless.io/name", "pretended",
                                                "elsewhere.example.com/x", "y")));

        JsonNode labels = awaitLabel(base, "custom.koupleless.io~1disk", "ssd");
        assertThat(labels.at("/custom.koupleless.io~1note").asString("")).isEqualTo("a-b");
        assertThat(labels.has("elsewhere.example.com/x")).isFalse();
        assertThat(labels.at("/base.koupleless.io~1name").asString("")).isEqualTo("base-demo");
        assertThat(labels.has("kubernetes.io/os")).isFalse();

        create("chooses", "custom.koupleless.io/disk: ssd", "");
        assertThat(nodeOf(ready("chooses"))).isEqualTo(stage.nodeName(base));

        base.labelled(Map.of("custom.koupleless.io/disk", "hdd"));
        awaitLabel(base, "custom.koupleless.io~1disk", "hdd");
        awaitLabel(base, "custom.koupleless.io~1note", "");

        base.labelled(Map.of());
        awaitLabel(base, "custom.koupleless.io~1disk", "");
        assertThat(Conditions.ready(stage.cluster().get(ApiPath.pod("default", "chooses"))))
                .isTrue();
    }

    @Test
    void basesInPodsAreInTheZonesOfTheirMachinesAndModulesSpreadOverThem() {
        machine("machine-a", "zone-a");
        machine("machine-b", "zone-b");
        String label = "custom.koupleless.io/pool: zonal";
        FakeBase first = stage.beginAsPod("zonal-a1", "machine-a", "zonal");
        FakeBase second = stage.beginAsPod("zonal-a2", "machine-a", "zonal");
        FakeBase third = stage.beginAsPod("zonal-b", "machine-b", "zonal");
        Stream.of(first, second)
                .forEach(base -> awaitLabel(base, "topology.kubernetes.io~1zone", "zone-a"));
        JsonNode labels = awaitLabel(third, "topology.kubernetes.io~1zone", "zone-b");
        assertThat(labels.at("/topology.kubernetes.io~1region").asString("")).isEqualTo("north");

        stage.cluster()
                .create(
                        deployment(
                                "zonal",
                                2,
                                label,
                                """
                                topologySpreadConstraints:
                                        - topologyKey: topology.kubernetes.io/zone
                                          maxSkew: 1
                                          whenUnsatisfiable: DoNotSchedule
                                          labelSelector:
                                            matchLabels:
                                              app: zonal
                                """));

        List<JsonNode> pods = awaitReady("zonal", 2);
        assertThat(pods)
                .extracting(pod -> zoneOf(nodeOf(pod)))
                .containsExactlyInAnyOrder("zone-a", "zone-b");
        stage.cluster().delete(ApiPath.deployment("default", "zonal"));
    }

    @Test
    void neverTwoOfAModuleOnABaseAndNeverMoreThanItTakes() {
        Map<String, String> said =
                Map.of(
                        "custom.koupleless.io/pool", "few",
                        "module-controller.koupleless.io/max-modules", "1");
        Map<String, String> v1 =
                Map.of(
                        "custom.koupleless.io/pool", "few",
                        "koupleless.alipay.com/max-module-count", "2");
        FakeBase one = stage.begin(Way.MQTT, FakeBase.of("takes-one").labelled(said));
        FakeBase two = stage.begin(Way.MQTT, FakeBase.of("takes-two").labelled(v1));
        awaitAllocatable(one, "pods", "1");
        awaitAllocatable(two, "pods", "2");
        String pool = "custom.koupleless.io/pool: few";

        stage.cluster()
                .create(
                        deployment(
                                "apart",
                                3,
                                pool,
                                """
                                affinity:
                                        podAntiAffinity:
                                          requiredDuringSchedulingIgnoredDuringExecution:
                                            - labelSelector:
                                                matchLabels:
                                                  module.koupleless.io/name: apart
                                                  module.koupleless.io/version: 1.0.0
                                              topologyKey: kubernetes.io/hostname
                                """));
        List<JsonNode> apart = awaitReady("apart", 2);
        assertThat(apart)
                .extracting(PlacementIT::nodeOf)
                .containsExactlyInAnyOrder(stage.nodeName(one), stage.nodeName(two));

        create("second", pool, "");
        assertThat(nodeOf(ready("second"))).isEqualTo(stage.nodeName(two));
        create("third", pool, "");
        awaitUnschedulable("third", "Too many pods");
        stage.cluster().delete(ApiPath.deployment("default", "apart"));
        assertThat(nodeOf(ready("third"))).startsWith("vnode.takes-");
    }

    @Test
    void modulesThatRequestMetaspaceGoWhereItIs() {
        String label = "custom.koupleless.io/pool: metaspace";
        FakeBase base =
                stage.begin(
                        Way.MQTT,
                        FakeBase.of("limited")
                                .metaspace(50 * MI, 256 * MI)
                                .labelled(Map.of("custom.koupleless.io/pool", "metaspace")));
        awaitAllocatable(base, METASPACE.replace("/", "~1"), "192Mi");

        create("fits", label, METASPACE + ": 150Mi");
        ready("fits");
        create("does-not-fit", label, METASPACE + ": 64Mi");
        awaitUnschedulable("does-not-fit", "Insufficient " + METASPACE);
        JsonNode before = stage.cluster().get(ApiPath.node(stage.nodeName(base)));

        base.metaspace(90 * MI, 256 * MI);
        awaitMeasured(base);
        // Others write to the Node too: kube-controller-manager its taints.
        JsonNode after = stage.cluster().get(ApiPath.node(stage.nodeName(base)));
        for (String ours : List.of("/status", "/metadata/labels", "/metadata/annotations")) {
            assertThat(after.at(ours))
                    .as("figures that move are not written")
                    .isEqualTo(before.at(ours));
        }
        stage.cluster().delete(ApiPath.pod("default", "fits"));
        ready("does-not-fit");
    }

    @Test
    void aBaseThatIsNearlyFullIsSparedInstallsUntilItIsNot() {
        FakeBase base = stage.begin(Way.MQTT, FakeBase.of("full").metaspace(230 * MI, 256 * MI));
        stage.cluster()
                .awaitNode(
                        stage.nodeName(base),
                        node -> Conditions.is(node, "MetaspacePressure", "True"));
        stage.cluster()
                .create(
                        ModulePods.bound(
                                "spared",
                                stage.nodeName(base),
                                "spared",
                                "1.0.0",
                                "file:///m/a.jar"));

        stage.cluster()
                .awaitPod(
                        "default",
                        "spared",
                        pod -> Conditions.waitingReason(pod).equals("User.MetaspaceFull"));
        await().atMost(SOON)
                .until(() ->
                        stage.cluster().list(ApiPath.events("default")).stream()
                                .anyMatch(event ->
                                        event.at("/reason")
                                                        .asString("")
                                                        .equals("User.MetaspaceFull")
                                                && event.toString().contains("spared")));
        assertThat(base.commands()).doesNotContain("installBiz");
        assertThat(base.arrivals()).noneMatch(arrival -> arrival.payload().contains("spared"));

        base.metaspace(212 * MI, 256 * MI);
        awaitMeasured(base);
        assertThat(base.commands()).doesNotContain("installBiz");

        base.metaspace(100 * MI, 256 * MI);
        ready("spared");
        stage.cluster()
                .awaitNode(
                        stage.nodeName(base),
                        node -> Conditions.is(node, "MetaspacePressure", "False"));
    }

    /** What it says of itself now was asked for, and the next question shows that it was heard. */
    private static void awaitMeasured(FakeBase base) {
        long asked = measurements(base);
        await().atMost(SOON).until(() -> measurements(base) >= asked + 2);
    }

    private static long measurements(FakeBase base) {
        return base.commands().stream().filter("health"::equals).count();
    }

    private void machine(String name, String zone) {
        stage.cluster()
                .create(
                        """
                        apiVersion: v1
                        kind: Node
                        metadata:
                          name: %s
                          labels:
                            topology.kubernetes.io/zone: %s
                            topology.kubernetes.io/region: north
                        spec:
                          unschedulable: true
                        """
                                .formatted(name, zone));
    }

    private JsonNode awaitLabel(FakeBase base, String key, String value) {
        return stage.cluster()
                .awaitNode(
                        stage.nodeName(base),
                        node -> node.at("/metadata/labels/" + key).asString("").equals(value))
                .at("/metadata/labels");
    }

    private void awaitAllocatable(FakeBase base, String resource, String quantity) {
        stage.cluster()
                .awaitNode(
                        stage.nodeName(base),
                        node ->
                                node.at("/status/allocatable/" + resource)
                                        .asString("")
                                        .equals(quantity));
    }

    private String zoneOf(String node) {
        return stage.cluster()
                .get(ApiPath.node(node))
                .at("/metadata/labels/topology.kubernetes.io~1zone")
                .asString("");
    }

    private JsonNode ready(String pod) {
        return stage.cluster().await(ApiPath.pod("default", pod), SOON, Conditions::ready);
    }

    private void awaitUnschedulable(String pod, String why) {
        stage.cluster()
                .await(
                        ApiPath.pod("default", pod),
                        SOON,
                        object ->
                                Conditions.condition(object, "PodScheduled")
                                        .filter(c -> c.at("/message").asString("").contains(why))
                                        .isPresent());
    }

    private List<JsonNode> awaitReady(String app, int count) {
        await().atMost(SOON).until(() -> readyOf(app).size() == count);
        return readyOf(app);
    }

    private List<JsonNode> readyOf(String app) {
        return stage
                .cluster()
                .list(ApiPath.pods("default").query("labelSelector", "app=" + app))
                .stream()
                .filter(Conditions::ready)
                .toList();
    }

    private static String nodeOf(JsonNode pod) {
        return pod.at("/spec/nodeName").asString("");
    }

    /**
     * A module called like its Pod.
     *
     * @param resource that it requests, as {@code name: quantity}, or the empty text
     */
    private void create(String name, String nodeLabel, String resource) {
        stage.cluster()
                .create(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: %1$s
                          namespace: default
                          labels:
                            virtual-kubelet.koupleless.io/component: module
                        spec:
                          nodeSelector:
                            %2$s
                          containers:
                            - name: %1$s
                              image: file:///modules/%1$s.jar
                              env:
                                - name: BIZ_VERSION
                                  value: 1.0.0
                              resources:
                                limits: {%3$s}
                          tolerations:
                            - operator: Exists
                        """
                                .formatted(
                                        name,
                                        nodeLabel,
                                        resource.isEmpty() ? "" : quoted(resource)));
    }

    private static String quoted(String resource) {
        int colon = resource.indexOf(": ");
        return "\"%s\": %s".formatted(resource.substring(0, colon), resource.substring(colon + 2));
    }

    private static String deployment(String name, int replicas, String nodeLabel, String placing) {
        return """
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: %1$s
          namespace: default
        spec:
          replicas: %2$d
          selector:
            matchLabels:
              app: %1$s
          template:
            metadata:
              labels:
                app: %1$s
                virtual-kubelet.koupleless.io/component: module
                module.koupleless.io/name: %1$s
                module.koupleless.io/version: 1.0.0
            spec:
              nodeSelector:
                %3$s
              containers:
                - name: %1$s
                  image: file:///modules/%1$s.jar
                  env:
                    - name: BIZ_VERSION
                      value: 1.0.0
              tolerations:
                - operator: Exists
              %4$s
        """
                .formatted(name, replicas, nodeLabel, placing.strip().replace("\n", "\n     "));
    }
}
