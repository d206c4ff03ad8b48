package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the controller is for: bases become Nodes, a Deployment's modules run on them. */
abstract class MainJobStory {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final Stage stage;

    MainJobStory(Stage stage) {
        this.stage = stage;
    }

    @Test
    void aBaseIsShownAsAReadyNodeWithItsLease() {
        SampleBase base = stage.base(1);

        JsonNode node = stage.cluster().get(ApiPath.node(stage.nodeName(base)));

        JsonNode labels = node.at("/metadata/labels");
        assertThat(text(labels, "virtual-kubelet.koupleless.io/component")).isEqualTo("vnode");
        assertThat(text(labels, "virtual-kubelet.koupleless.io/env")).isEqualTo("test");
        assertThat(text(labels, "base.koupleless.io/name")).isEqualTo("base");
        assertThat(text(labels, "base.koupleless.io/version")).isEqualTo("1.0.0");
        assertThat(text(labels, "base.koupleless.io/cluster-name")).isEqualTo("default");
        assertThat(text(labels, "base.koupleless.io/stack")).isEqualTo("java");
        assertThat(text(labels, "vnode.koupleless.io/name")).isEqualTo("base");
        assertThat(text(labels, "vnode.koupleless.io/version")).isEqualTo("1.0.0");
        assertThat(text(labels, "vnode.koupleless.io/tunnel")).isEqualTo(stage.tunnel());
        assertThat(labels.has("node.kubernetes.io/exclude-disruption")).isTrue();
        assertThat(labels.has("node.kubernetes.io/exclude-from-external-load-balancers")).isTrue();
        assertThat(node.at("/spec/taints").toString())
                .contains("schedule.koupleless.io/virtual-node", "schedule.koupleless.io/node-env")
                .contains("\"value\":\"test\"");
        assertThat(node.at("/status/capacity/pods").asString()).isEqualTo("65535");
        assertThat(node.at("/status/capacity").has("cpu")).isTrue();
        assertThat(node.at("/status/capacity").has("memory")).isTrue();
        for (String condition :
                List.of("MemoryPressure", "DiskPressure", "PIDPressure", "NetworkUnavailable")) {
            assertThat(Conditions.is(node, condition, "False")).as(condition).isTrue();
        }
        JsonNode lease =
                stage.cluster().get(ApiPath.lease("kube-node-lease", stage.nodeName(base)));
        assertThat(lease.at("/spec/holderIdentity").asString()).isEqualTo("scenarios");
        assertThat(lease.at("/spec/leaseDurationSeconds").asInt()).isEqualTo(40);
    }

    @Test
    void hostNamesAreUniqueAmongVirtualNodes() {
        List<String> hosts =
                stage
                        .cluster()
                        .list(
                                ApiPath.nodes()
                                        .query(
                                                "labelSelector",
                                                "virtual-kubelet.koupleless.io/component=vnode"))
                        .stream()
                        .map(n -> text(n.at("/metadata/labels"), "kubernetes.io/hostname"))
                        .toList();

        assertThat(hosts).hasSizeGreaterThanOrEqualTo(2).doesNotContain("").doesNotHaveDuplicates();
    }

    @Test
    void aDeploymentRunsOneModuleOnEachBaseAndScalesAndGoes() {
        stage.cluster()
                .apply(
                        stage.manifest("biz1-deployment.yaml")
                                .replace("replicas: 2", "replicas: 0"));
        scale("biz1", 2);

        List<JsonNode> pods = awaitReadyPods("biz1", 2);

        assertThat(pods).extracting(p -> p.at("/spec/nodeName").asString()).doesNotHaveDuplicates();
        for (JsonNode pod : pods) {
            assertThat(pod.at("/status/podIP").asString()).isNotEmpty();
            assertThat(pod.at("/status/startTime").asString()).isNotEmpty();
            assertThat(pod.at("/status/containerStatuses/0/state/running/startedAt").asString())
                    .isNotEmpty();
            for (String type : List.of("Initialized", "ContainersReady", "PodScheduled")) {
                assertThat(Conditions.is(pod, type, "True")).as(type).isTrue();
            }
        }
        for (int i = 1; i <= 2; i++) {
            assertThat(stage.base(i).page("/biz1/").orElseThrow())
                    .contains("biz1 1.0.0 on " + stage.base(i).identity());
        }

        scale("biz1", 1);
        await().atMost(SOON).until(() -> podsOf("biz1").size() == 1);

        stage.cluster().delete(ApiPath.deployment("default", "biz1"));
        await().atMost(SOON).until(() -> podsOf("biz1").isEmpty());
        for (int i = 1; i <= 2; i++) {
            assertThat(stage.base(i).page("/biz1/")).isEmpty();
        }
    }

    @Test
    void theDesignsOwnPodRunsWithOnlyItsImageChanged() {
        String seed =
                SeedPod.text()
                        .replaceAll("image: \\S+", "image: " + stage.moduleUrl("biz1", "1.0.0"));
        stage.cluster().apply(seed);

        JsonNode pod = stage.cluster().awaitPod("default", SeedPod.NAME, Conditions::ready);

        assertThat(pod.at("/spec/nodeName").asString())
                .isIn(stage.nodeName(stage.base(1)), stage.nodeName(stage.base(2)));
        stage.cluster().delete(ApiPath.pod("default", SeedPod.NAME));
        stage.cluster().awaitGone(ApiPath.pod("default", SeedPod.NAME), SOON);
    }

    private void scale(String deployment, int replicas) {
        stage.cluster()
                .patch(
                        ApiPath.deployment("default", deployment),
                        PatchType.MERGE,
                        "{\"spec\":{\"replicas\":" + replicas + "}}");
    }

    private List<JsonNode> awaitReadyPods(String app, int count) {
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(podsOf(app))
                                .hasSize(count)
                                .allSatisfy(pod ->
                                        assertThat(Conditions.ready(pod))
                                                .as(pod.at("/status").toString())
                                                .isTrue()));
        return podsOf(app);
    }

    private List<JsonNode> podsOf(String app) {
        return stage.cluster().list(ApiPath.pods("default")).stream()
                .filter(p -> p.at("/metadata/labels/app").asString("").equals(app))
                .toList();
    }

    private static String text(JsonNode labels, String key) {
        return labels.path(key).asString("");
    }
}
