package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.workload.NodeShape;
import io.koupleless.controller.workload.Workload;
import io.koupleless.controller.workload.WorkloadRef;
import io.kubernetes.client.openapi.models.V1DaemonSet;
import io.kubernetes.client.openapi.models.V1Deployment;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkloadReaderTest {
    private static final String NAMED =
            """
            "tolerations": [{"key": "schedule.koupleless.io/node-env", "value": "Test"}]
            """;
    private static final String TOLERANT = "\"tolerations\": [{\"operator\": \"Exists\"}]";

    private final WorkloadReader reader = new WorkloadReader("Test");

    private Optional<Workload> deployment(String labels, String spec) {
        return reader.deployment(
                KubeJson.lenient().fromJson(json(labels, spec), V1Deployment.class));
    }

    private static String json(String labels, String spec) {
        return """
        {"metadata": {"namespace": "shop", "name": "biz", "uid": "u1", "resourceVersion": "7",
           "creationTimestamp": "2026-01-02T03:04:05Z", "labels": {%s}},
         "spec": {"replicas": 3, "template": {
           "metadata": {"labels": {"virtual-kubelet.koupleless.io/component": "module"}},
           "spec": {"containers": [{"name": "biz1", "image": "https://host/biz1-ark-biz.jar",
              "env": [{"name": "BIZ_VERSION", "value": "1.0.0"}]}], %s}}}}
        """
                .formatted(labels, spec);
    }

    private static String labels(String... pairs) {
        StringBuilder labels = new StringBuilder();
        for (int i = 0; i < pairs.length; i += 2) {
            labels.append(i == 0 ? "" : ", ")
                    .append("\"%s\": \"%s\"".formatted(pairs[i], pairs[i + 1]));
        }
        return labels.toString();
    }

    private static final String PEER = labels(Labels.STRATEGY, "peer", Labels.ENV, "Test");

    private static NodeShape node(Map<String, String> labels) {
        return new NodeShape(
                "vnode.a.test",
                labels,
                List.of(new Taint(Labels.TAINT_ENV, "Test", Taint.NO_EXECUTE)),
                false);
    }

    @Test
    void aPeerDeployment() {
        Workload workload = deployment(PEER, NAMED).orElseThrow();

        assertThat(workload.kind()).isEqualTo(Workload.Kind.PEER_DEPLOYMENT);
        assertThat(workload.ref()).isEqualTo(new WorkloadRef("shop", "biz", "u1"));
        assertThat(workload.resourceVersion()).isEqualTo("7");
        assertThat(workload.replicas()).isEqualTo(3);
        assertThat(workload.modules())
                .extracting(ModuleContainer.Module::ref)
                .containsExactly(new ModuleRef("biz1", "1.0.0"));
        assertThat(workload.wants(node(Map.of()))).isTrue();
    }

    @Test
    void theStrategyMayBeSaidWithTheKeyOfTheSamples() {
        String labels = labels(Labels.STRATEGY_OF_SAMPLES, "peer", Labels.ENV, "Test");

        assertThat(deployment(labels, NAMED)).isPresent();
    }

    @Test
    void whoseReplicasSomebodyElseSetsIsNone() {
        assertThat(deployment(PEER + ", " + labels(Labels.REPLICAS_CONTROL, "true"), NAMED))
                .isEmpty();
        assertThat(deployment(PEER + ", " + labels(Labels.REPLICAS_CONTROL, "false"), NAMED))
                .isPresent();
    }

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "Test, named, true",
                "prod, named, false",
                "Test, tolerant, true",
                "-, named, true",
                "-, tolerant, false",
            })
    void itsEnvironment(String label, String tolerations, boolean ours) {
        String labels = labels(Labels.STRATEGY, "peer");
        if (label != null) {
            labels += ", " + labels(Labels.ENV, label);
        }
        String spec = tolerations.equals("named") ? NAMED : TOLERANT;

        assertThat(deployment(labels, spec).isPresent()).isEqualTo(ours);
    }

    @Test
    void itsClusterNameCountsBesideWhatItsPodsSelect() {
        Workload workload =
                deployment(PEER + ", " + labels(Labels.BASE_CLUSTER_NAME, "blue"), NAMED)
                        .orElseThrow();

        assertThat(workload.wants(node(Map.of(Labels.BASE_CLUSTER_NAME, "blue")))).isTrue();
        assertThat(workload.wants(node(Map.of(Labels.BASE_CLUSTER_NAME, "green")))).isFalse();
    }

    @Test
    void affinityIsReadWhole() {
        String affinity =
                """
                "affinity": {"nodeAffinity": {"requiredDuringSchedulingIgnoredDuringExecution":
                  {"nodeSelectorTerms": [
                    {"matchExpressions": [{"key": "zone", "operator": "In", "values": ["z1"]}]},
                    {"matchFields": [{"key": "metadata.name", "operator": "In",
                      "values": ["vnode.a.test"]}], "matchExpressions": [
                      {"key": "zone", "operator": "DoesNotExist"}]}]}}},
                """;
        Workload workload = deployment(PEER, affinity + NAMED).orElseThrow();

        assertThat(workload.wants(node(Map.of("zone", "z1")))).isTrue();
        assertThat(workload.wants(node(Map.of("zone", "z2")))).isFalse();
        assertThat(workload.wants(node(Map.of()))).as("by its name").isTrue();
    }

    @Test
    void aDeploymentThatTerminatesOrRunsNoModulesIsNone() {
        String terminating =
                json(PEER, NAMED)
                        .replace(
                                "\"uid\"",
                                "\"deletionTimestamp\": \"2026-01-02T03:04:06Z\", \"uid\"");
        String otherwise = json(PEER, NAMED).replace("\"module\"", "\"web\"");

        assertThat(reader.deployment(KubeJson.lenient().fromJson(terminating, V1Deployment.class)))
                .isEmpty();
        assertThat(reader.deployment(KubeJson.lenient().fromJson(otherwise, V1Deployment.class)))
                .isEmpty();
    }

    @Test
    void aDaemonSetOfModulesNeedsNoStrategy() {
        String json = json(labels(Labels.ENV, "Test"), NAMED);

        Workload workload =
                reader.daemonSet(KubeJson.lenient().fromJson(json, V1DaemonSet.class))
                        .orElseThrow();

        assertThat(workload.kind()).isEqualTo(Workload.Kind.DAEMON_SET);
        assertThat(workload.placement().tolerations())
                .anyMatch(t -> t.key().equals("node.kubernetes.io/unschedulable"));
    }
}
