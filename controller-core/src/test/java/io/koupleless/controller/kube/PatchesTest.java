package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Taint;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodStatusMapper;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The exact bodies that we send. */
class PatchesTest {
    private static final Instant TIME = Instant.parse("2026-01-02T03:04:05.987Z");

    private static JsonNode json(String text) {
        return JsonMapper.shared().readTree(text);
    }

    @Test
    void onlyConditionsOfOursAreWrittenToAPod() {
        PodStatus status =
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "late",
                        "10.0.0.1",
                        Optional.of(TIME),
                        List.of(
                                new PodCondition("Ready", true, "", "", TIME),
                                new PodCondition("shop/ready", true, "", "", TIME),
                                new PodCondition("DisruptionTarget", true, "x", "y", TIME)),
                        List.of(
                                new ContainerStatus(
                                        "biz1",
                                        "http://h/a.jar",
                                        true,
                                        1,
                                        new ContainerState.Running(TIME),
                                        new ContainerState.Terminated(
                                                1, "Error", "m", TIME, TIME))));

        assertThat(PodJson.statusPatch("u1", status))
                .isEqualTo(
                        json(
                                """
                                {"metadata": {"uid": "u1"}, "status": {
                                  "phase": "Running", "reason": null, "message": "late",
                                  "startTime": "2026-01-02T03:04:05Z",
                                  "hostIP": "10.0.0.1", "podIP": "10.0.0.1",
                                  "podIPs": [{"ip": "10.0.0.1"}],
                                  "conditions": [{"type": "Ready", "status": "True",
                                    "reason": null, "message": null,
                                    "lastTransitionTime": "2026-01-02T03:04:05Z"}],
                                  "containerStatuses": [{"name": "biz1",
                                    "image": "http://h/a.jar", "imageID": "http://h/a.jar",
                                    "containerID": "biz1", "ready": true, "started": true,
                                    "restartCount": 1,
                                    "state": {"running": {"startedAt": "2026-01-02T03:04:05Z"}},
                                    "lastState": {"terminated": {"exitCode": 1, "reason": "Error",
                                      "message": "m", "startedAt": "2026-01-02T03:04:05Z",
                                      "finishedAt": "2026-01-02T03:04:05Z"}}}]}}
                                """));
    }

    /** Else it would be written again and again: what is shown would never be what was meant. */
    @Test
    void whatIsWrittenIsReadBackAsItWas() {
        PodStatus meant =
                new PodStatus(
                        PodStatus.Phase.RUNNING,
                        "",
                        "",
                        "10.0.0.1",
                        Optional.of(TIME.truncatedTo(ChronoUnit.SECONDS)),
                        List.of(new PodCondition("Ready", true, "", "", TIME)),
                        List.of(
                                new ContainerStatus(
                                        "biz1",
                                        "http://h/a.jar",
                                        true,
                                        1,
                                        new ContainerState.Running(TIME),
                                        new ContainerState.Terminated(
                                                1, "BaseRestarted", "", TIME, TIME)),
                                new ContainerStatus(
                                        "biz2",
                                        "http://h/b.jar",
                                        false,
                                        0,
                                        new ContainerState.Terminated(
                                                1, "Error", "m", TIME, TIME.plusMillis(20)),
                                        new ContainerState.Unset())));
        JsonNode written = PodJson.statusPatch("u1", meant);

        PodStatus shown =
                PodReader.read(KubeJson.lenient().fromJson(written.toString(), V1Pod.class))
                        .status();

        assertThat(shown.containers()).isEqualTo(meant.containers());
        assertThat(PodStatusMapper.differs(meant, shown)).isFalse();
    }

    @Test
    void anUnknownAddressIsNotWritten() {
        assertThat(PodJson.statusPatch("u1", PodStatus.NONE))
                .isEqualTo(
                        json(
                                """
                                {"metadata": {"uid": "u1"}, "status": {
                                  "phase": "Pending", "reason": null, "message": null,
                                  "conditions": [], "containerStatuses": []}}
                                """));
    }

    @Test
    void taintsOfOthersAreRepeatedAndStaleOnesOfOursAreNot() {
        ObservedNode observed =
                new ObservedNode(
                        "n",
                        "u",
                        "7",
                        Map.of(),
                        Map.of(),
                        List.of(
                                new Taint("gpu", "", Taint.NO_SCHEDULE, "2026-03-01T08:00:00Z"),
                                new Taint(
                                        Labels.TAINT_IDENTITY_CONFLICT, "True", Taint.NO_SCHEDULE),
                                new Taint(Labels.TAINT_ENV, "old", Taint.NO_EXECUTE)),
                        new NodeStatus(List.of(), Map.of(), Map.of(), ""));
        NodeSpec spec =
                new NodeSpec(
                        Map.of("a", "b"),
                        Map.of(),
                        List.of(new Taint(Labels.TAINT_ENV, "test", Taint.NO_EXECUTE)));

        assertThat(NodeJson.patch(spec, observed))
                .isEqualTo(
                        json(
                                """
                                {"metadata": {"resourceVersion": "7",
                                   "labels": {"a": "b"}, "annotations": {}},
                                 "spec": {"taints": [
                                   {"key": "gpu", "effect": "NoSchedule",
                                    "timeAdded": "2026-03-01T08:00:00Z"},
                                   {"key": "schedule.koupleless.io/node-env", "value": "test",
                                    "effect": "NoExecute"}]}}
                                """));
    }

    @Test
    void aNodesAddressesAreReplacedAndItsConditionsMerged() {
        NodeStatus status =
                new NodeStatus(
                        List.of(new NodeCondition("Ready", "True", "r", "m", Instant.EPOCH)),
                        Map.of("InternalIP", "10.0.0.1", "Hostname", "h"),
                        Map.of("pods", "10"),
                        "java://25");

        assertThat(NodeJson.statusPatch(status, "module-controller/1", TIME))
                .isEqualTo(
                        json(
                                """
                                {"status": {"phase": "Running",
                                  "conditions": [{"type": "Ready", "status": "True",
                                     "reason": "r", "message": "m",
                                     "lastHeartbeatTime": "2026-01-02T03:04:05Z",
                                     "lastTransitionTime": "1970-01-01T00:00:00Z"}],
                                  "addresses": [{"$patch": "replace"},
                                     {"type": "InternalIP", "address": "10.0.0.1"},
                                     {"type": "Hostname", "address": "h"}],
                                  "capacity": {"pods": "10"}, "allocatable": {"pods": "10"},
                                  "nodeInfo": {"kubeletVersion": "module-controller/1",
                                     "containerRuntimeVersion": "java://25"}}}
                                """));
    }

    @Test
    void leaseTimesHaveExactlySixFractionDigits() {
        LeaseWrite write =
                new LeaseWrite(
                        Optional.empty(),
                        "me",
                        Instant.parse("2026-01-02T03:04:05.1Z"),
                        Duration.ofSeconds(40),
                        2,
                        Optional.of(Instant.parse("2026-01-02T03:04:05Z")));

        assertThat(LeaseStore.spec(write))
                .isEqualTo(
                        json(
                                """
                                {"holderIdentity": "me", "leaseDurationSeconds": 40,
                                 "renewTime": "2026-01-02T03:04:05.100000Z",
                                 "leaseTransitions": 2,
                                 "acquireTime": "2026-01-02T03:04:05.000000Z"}
                                """));
    }

    @Test
    void aLeaseOfSomebodyElseMayLackEverything() {
        var lease = LeaseStore.observed(json("{\"metadata\": {\"resourceVersion\": \"3\"}}"));

        assertThat(lease.resourceVersion()).isEqualTo("3");
        assertThat(lease.holder()).isEmpty();
        assertThat(lease.renewTime()).isEmpty();
        assertThat(lease.duration()).isEqualTo(Duration.ofSeconds(40));
    }

    @Test
    void anEventsTextIsCutByBytes() {
        assertThat(EventWriter.cut("模块".repeat(400), 1024)).hasSize(341);
        assertThat(EventWriter.cut("short", 1024)).isEqualTo("short");
    }

    @Test
    void anEventsNameStartsWithSomethingValid() {
        assertThat(EventWriter.prefix("biz1-x")).isEqualTo("biz1-x-");
        assertThat(EventWriter.prefix("a".repeat(49) + ".b")).isEqualTo("a".repeat(49) + "-");
    }
}
