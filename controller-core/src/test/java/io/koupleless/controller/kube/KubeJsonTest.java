package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.reflect.TypeToken;
import io.koupleless.controller.node.ObservedNode;
import io.kubernetes.client.openapi.models.V1Lease;
import io.kubernetes.client.openapi.models.V1Node;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.util.Watch;
import org.junit.jupiter.api.Test;

class KubeJsonTest {

    @Test
    void aNodeWithFieldsThatNobodyKnowsYetIsRead() {
        ObservedNode node =
                NodeReader.read(
                        KubeJson.lenient()
                                .fromJson(
                                        """
                                        {"metadata": {"name": "n", "invented": 1},
                                         "spec": {"taints": [{"key": "k", "effect": "NoExecute",
                                            "invented": 1}], "invented": {}},
                                         "status": {"capacity": {"pods": "5", "memory": "1024Ki"},
                                           "conditions": [{"type": "Ready", "status": "Unknown"}],
                                           "nodeInfo": {"containerRuntimeVersion": "java://25",
                                             "invented": 1}, "invented": []}}
                                        """,
                                        V1Node.class));

        assertThat(node.name()).isEqualTo("n");
        assertThat(node.taints()).hasSize(1);
        assertThat(node.status().capacity()).containsEntry("pods", "5").containsKey("memory");
        assertThat(node.status().conditions().getFirst().status()).isEqualTo("Unknown");
        assertThat(node.status().runtimeVersion()).isEqualTo("java://25");
    }

    @Test
    void aNodeOfWhichNothingIsKnownIsReadToo() {
        assertThat(NodeReader.read(new V1Node()).name()).isEmpty();
    }

    @Test
    void aBookmarkIsRead() {
        Watch.Response<V1Pod> line =
                KubeJson.lenient()
                        .fromJson(
                                """
                                {"type": "BOOKMARK", "object": {"kind": "Pod", "apiVersion": "v1",
                                  "metadata": {"resourceVersion": "9", "creationTimestamp": null},
                                  "spec": {"containers": null}, "status": {}}}
                                """,
                                new TypeToken<Watch.Response<V1Pod>>() {}.getType());

        assertThat(PodReader.read(line.object).resourceVersion()).isEqualTo("9");
    }

    @Test
    void timesOfEveryPrecisionAreRead() {
        V1Lease lease =
                KubeJson.lenient()
                        .fromJson(
                                "{\"spec\": {\"renewTime\": \"2026-01-02T03:04:05.123456Z\","
                                        + " \"acquireTime\": \"2026-01-02T03:04:05Z\"}}",
                                V1Lease.class);

        assertThat(lease.getSpec().getRenewTime()).isEqualTo("2026-01-02T03:04:05.123456Z");
        assertThat(lease.getSpec().getAcquireTime()).isEqualTo("2026-01-02T03:04:05Z");
    }
}
