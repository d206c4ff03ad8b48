package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.FakeModule;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** Workloads that want one module Pod on each base: a peer Deployment, and a DaemonSet. */
@ResourceLock(Lane.MQTT)
class OnEachBaseIT {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final ApiPath PEER = ApiPath.deployment("default", "peer");
    private static final ApiPath DAEMON = ApiPath.daemonSet("default", "daemon");

    private final MqttStage stage = MqttStage.get();

    @Test
    void aPeerDeploymentFollowsTheBasesThatComeAndGo() {
        stage.cluster().apply(stage.manifest("peer-deployment.yaml"));
        awaitPeers(2);

        FakeBase third = FakeBase.of("base-3").named("base", "default");
        try (MqttFakeBases bases = stage.fakeBases();
                ScheduledExecutorService beats = Executors.newSingleThreadScheduledExecutor()) {
            bases.join(third);
            beats.scheduleAtFixedRate(bases::heartbeats, 0, 2, TimeUnit.SECONDS);
            awaitPeers(3);
            assertThat(third.modules())
                    .extracting(FakeModule::ref)
                    .containsExactly(new ModuleRef("biz2", "1.0.0"));

            scale(5);
            await("as many as bases again").atMost(SOON).until(() -> replicas() == 3);
            beats.shutdownNow();
        }
        // Else a Pod of another scenario might go there.
        stage.cluster().awaitGone(ApiPath.node("vnode.base-3.test"), SOON);
        awaitPeers(2);
        assertThat(eventsOn("peer"))
                .extracting(event -> event.path("reason").asString())
                .contains("PeerReplicasChanged");

        stage.cluster().delete(PEER);
        awaitNoModules();
    }

    @Test
    void whatAnAutoscalerScalesIsLeftAlone() {
        stage.cluster()
                .apply(
                        """
                        apiVersion: autoscaling/v2
                        kind: HorizontalPodAutoscaler
                        metadata:
                          name: of-scaled
                          namespace: default
                        spec:
                          scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: scaled}
                          minReplicas: 1
                          maxReplicas: 1
                        """);
        stage.cluster()
                .apply(
                        stage.manifest("peer-deployment.yaml")
                                .replace("name: peer", "name: scaled"));
        ApiPath scaled = ApiPath.deployment("default", "scaled");
        try {
            await().atMost(SOON)
                    .untilAsserted(() ->
                            assertThat(eventsOn("scaled"))
                                    .extracting(event -> event.path("reason").asString())
                                    .containsExactly("PeerReplicasLeftAlone"));
            assertThat(stage.cluster().get(scaled).at("/spec/replicas").asInt()).isEqualTo(1);
        } finally {
            stage.cluster().delete(scaled);
        }
        awaitNoModules();
    }

    @Test
    void aDaemonSetIsOnVirtualNodesOnlyAndRolls() {
        machine("machine-without-bases");
        stage.cluster().apply(stage.manifest("daemonset.yaml"));
        awaitDaemons("1.0.0");
        assertThat(pods("daemon"))
                .extracting(pod -> pod.at("/spec/nodeName").asString())
                .containsExactlyInAnyOrder(
                        stage.nodeName(stage.base(1)), stage.nodeName(stage.base(2)));

        stage.cluster()
                .patch(
                        DAEMON,
                        PatchType.STRATEGIC,
                        """
                        {"spec":{"template":{"spec":{"containers":[{"name":"biz2","image":"%s",
                        "env":[{"name":"BIZ_VERSION","value":"2.0.0"}]}]}}}}
                        """
                                .formatted(stage.moduleUrl("biz2", "2.0.0")));

        awaitDaemons("2.0.0");
        assertThat(List.of(stage.base(1).modules(), stage.base(2).modules()))
                .allSatisfy(modules -> assertThat(modules).containsExactly("biz2:2.0.0"));

        stage.cluster().delete(DAEMON);
        stage.cluster().delete(ApiPath.node("machine-without-bases"));
        awaitNoModules();
    }

    /** A Node of the cluster's own, free for all: nothing runs there, nobody renews its Lease. */
    private void machine(String name) {
        stage.cluster()
                .apply(
                        """
                        apiVersion: v1
                        kind: Node
                        metadata:
                          name: %s
                          labels: {kubernetes.io/hostname: %s}
                        """
                                .formatted(name, name));
    }

    private void awaitPeers(int number) {
        await(number + " peers")
                .atMost(SOON)
                .until(() ->
                        replicas() == number
                                && pods("biz2").size() == number
                                && pods("biz2").stream().allMatch(Conditions::ready));
    }

    private void awaitDaemons(String version) {
        await("daemons of " + version)
                .atMost(SOON)
                .until(() ->
                        pods("daemon").size() == 2
                                && pods("daemon").stream().allMatch(Conditions::ready)
                                && pods("daemon").stream().allMatch(pod -> asksFor(pod, version)));
    }

    private static boolean asksFor(JsonNode pod, String version) {
        return pod.at("/spec/containers/0/env/0/value").asString("").equals(version);
    }

    private void awaitNoModules() {
        await("nothing is left")
                .atMost(SOON)
                .until(() ->
                        stage.base(1).modules().isEmpty() && stage.base(2).modules().isEmpty());
    }

    private int replicas() {
        return stage.cluster().get(PEER).at("/spec/replicas").asInt();
    }

    private void scale(int replicas) {
        stage.cluster()
                .patch(PEER, PatchType.MERGE, "{\"spec\":{\"replicas\":%d}}".formatted(replicas));
    }

    private List<JsonNode> pods(String label) {
        return stage.cluster().list(ApiPath.pods("default")).stream()
                .filter(pod ->
                        Stream.of(
                                        "/metadata/labels/app",
                                        "/metadata/labels/module.koupleless.io~1name")
                                .anyMatch(path -> pod.at(path).asString("").equals(label)))
                .toList();
    }

    private List<JsonNode> eventsOn(String deployment) {
        return stage.cluster().list(ApiPath.events("default")).stream()
                .filter(event ->
                        event.at("/involvedObject/kind").asString("").equals("Deployment")
                                && event.at("/involvedObject/name").asString("").equals(deployment)
                                && event.path("reason").asString("").startsWith("Peer"))
                .toList();
    }
}
