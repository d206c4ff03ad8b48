package io.koupleless.controller.testkit.controlplane;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

class ControlPlaneIT {
    private static ControlPlane controlPlane;
    private static ClusterUser user;

    @BeforeAll
    static void start() {
        controlPlane = ControlPlane.start(ControlPlaneOptions.defaults());
        user = controlPlane.admin();
    }

    @AfterAll
    static void stop() {
        Path kubeconfig = controlPlane.kubeconfig();
        controlPlane.close();
        assertThat(kubeconfig).doesNotExist();
        assertThat(Files.exists(kubeconfig.getParent())).isFalse();
    }

    @Test
    void deploymentIsScheduledOnANode() {
        user.create(
                """
                apiVersion: v1
                kind: Node
                metadata: {name: base-1, labels: {kind: base}}
                status:
                  capacity: {pods: "10", cpu: "1", memory: 1Gi}
                  allocatable: {pods: "10", cpu: "1", memory: 1Gi}
                  conditions: [{type: Ready, status: "True", reason: Test, message: ""}]
                """);
        user.awaitNode("base-1", Conditions.ready());

        user.apply(
                """
                apiVersion: apps/v1
                kind: Deployment
                metadata: {name: biz1}
                spec:
                  selector: {matchLabels: {app: biz1}}
                  template:
                    metadata: {labels: {app: biz1}}
                    spec:
                      nodeSelector: {kind: base}
                      containers: [{name: biz1, image: "file:///biz1.jar"}]
                """);

        JsonNode pods =
                user.await(
                        ApiPath.pods("default").query("labelSelector", "app=biz1"),
                        Duration.ofSeconds(60),
                        list -> list.at("/items/0/spec/nodeName").asString("").equals("base-1"));
        String name = pods.at("/items/0/metadata/name").asString();
        user.delete(ApiPath.deployment("default", "biz1"));
        user.delete(ApiPath.pod("default", name), "{\"gracePeriodSeconds\": 0}");
        user.awaitGone(ApiPath.pod("default", name), Duration.ofSeconds(60));
    }

    @Test
    void serviceAccountMayDoOnlyWhatItIsAllowed(@TempDir Path directory) {
        user.createNamespace("guests");
        user.create(
                """
                {"apiVersion": "v1", "kind": "ServiceAccount",
                 "metadata": {"name": "guest", "namespace": "guests"}}
                """);
        String token = user.token("guests", "guest");

        assertThatExceptionOfType(ClusterException.class)
                .isThrownBy(() -> controlPlane.user(token).list(ApiPath.nodes()))
                .matches(ClusterException::isForbidden)
                .withMessageContaining("system:serviceaccount:guests:guest");
        Path file = controlPlane.writeKubeconfig(directory.resolve("guest"), token, "guests");
        assertThat(Kubeconfig.read(file).token()).contains(token);
    }

    @Test
    void killedAndPausedApiServerComesBackWithItsData() {
        user.createNamespace("lasting");

        controlPlane.killApiServer();
        assertThatExceptionOfType(UncheckedIOException.class)
                .isThrownBy(() -> user.list(ApiPath.nodes()));
        controlPlane.startApiServer();
        controlPlane.pauseApiServer();
        controlPlane.resumeApiServer();

        assertThat(user.find(ApiPath.namespaces().child("lasting"))).isPresent();
    }
}
