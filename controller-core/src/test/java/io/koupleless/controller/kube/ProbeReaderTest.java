package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.Deletion;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.koupleless.controller.vnode.Reason;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProbeReaderTest {
    private static ModulePod pod(String metadata, String spec, String container) {
        return PodReader.read(
                KubeJson.lenient()
                        .fromJson(
                                """
                                {"metadata": {%s}, "spec": {%s "containers": [
                                  {"name": "biz1", "image": "https://repo/biz1.jar",
                                   "env": [{"name": "BIZ_VERSION", "value": "1.0.0"}]%s}]}}
                                """
                                        .formatted(metadata, spec, container),
                                V1Pod.class));
    }

    private static ModuleContainer container(String more) {
        return pod("", "", "," + more).containers().getFirst();
    }

    @Test
    void everyFieldOfAProbeIsRead() {
        ModuleContainer container =
                container(
                        """
                        "ports": [{"name": "web", "containerPort": 8081}],
                        "readinessProbe": {"httpGet": {"scheme": "HTTPS", "host": "10.0.0.9",
                           "path": "actuator/health", "port": "web",
                           "httpHeaders": [{"name": "Host", "value": "shop"}]},
                         "initialDelaySeconds": 1, "periodSeconds": 2, "timeoutSeconds": 3,
                         "successThreshold": 4, "failureThreshold": 5,
                         "terminationGracePeriodSeconds": 6}
                        """);
        assertThat(container.probes())
                .containsOnlyKeys(ProbeKind.READINESS)
                .containsValue(
                        new Probe(
                                new Check.HttpGet(
                                        true,
                                        "10.0.0.9",
                                        new Check.PortNumber(8081),
                                        "actuator/health",
                                        List.of(new Check.Header("Host", "shop"))),
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(2),
                                Duration.ofSeconds(3),
                                4,
                                5,
                                Duration.ofSeconds(6)));
    }

    @Test
    void whatIsNotSaidIsAsKubernetesHasIt() {
        ModuleContainer container =
                pod(
                                "",
                                "\"terminationGracePeriodSeconds\": 45,",
                                """
                                , "startupProbe": {"tcpSocket": {"port": "base"}},
                                "livenessProbe": {"httpGet": {"port": 80}}
                                """)
                        .containers()
                        .getFirst();
        assertThat(container.probes().get(ProbeKind.STARTUP))
                .isEqualTo(
                        new Probe(
                                new Check.TcpSocket("", new Check.PortOfBase("base")),
                                Duration.ZERO,
                                Duration.ofSeconds(10),
                                Duration.ofSeconds(1),
                                1,
                                3,
                                Duration.ofSeconds(45)));
        assertThat(container.probes().get(ProbeKind.LIVENESS).check())
                .isEqualTo(new Check.HttpGet(false, "", new Check.PortNumber(80), "/", List.of()));
        assertThat(container.preStop()).isEmpty();
    }

    @Test
    void hooksThatCanBeRunAreRead() {
        assertThat(
                        container("\"lifecycle\": {\"preStop\": {\"sleep\": {\"seconds\": 7}}}")
                                .preStop())
                .contains(new PreStop.Sleep(Duration.ofSeconds(7)));
        assertThat(
                        container(
                                        """
                                        "lifecycle": {"preStop":
                                          {"httpGet": {"path": "/drain", "port": 8080}}}
                                        """)
                                .preStop())
                .contains(
                        new PreStop.Call(
                                new Check.HttpGet(
                                        false,
                                        "",
                                        new Check.PortNumber(8080),
                                        "/drain",
                                        List.of())));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "\"livenessProbe\": {\"exec\": {\"command\": [\"ls\"]}} | livenessProbe is of kind"
                        + " exec, and a module has no process of its own to run a command in: use"
                        + " httpGet or tcpSocket",
                "\"startupProbe\": {\"grpc\": {\"port\": 1}} | startupProbe is of kind grpc, which"
                        + " is not spoken here: use httpGet or tcpSocket",
                "\"lifecycle\": {\"preStop\": {\"exec\": {\"command\": [\"ls\"]}}} |"
                        + " lifecycle.preStop is of kind exec, and a module has no process of its"
                        + " own to run a command in: use sleep or httpGet",
                "\"lifecycle\": {\"preStop\": {\"tcpSocket\": {\"port\": 1}}} | lifecycle.preStop"
                        + " is of a kind that Kubernetes never runs: use sleep or httpGet"
            })
    void whatABaseCannotDoIsRefusedWithTheReason(String more, String reason) {
        assertThat(container(more).wanted())
                .isEqualTo(
                        new ModuleContainer.Invalid(
                                Reason.PARAMETER_INVALID, "container biz1: " + reason));
    }

    @Test
    void aDeletionTellsWhenItWasAskedFor() {
        ModulePod pod =
                pod(
                        """
                        "deletionTimestamp": "2026-01-02T04:04:30Z",
                        "deletionGracePeriodSeconds": 30
                        """,
                        "",
                        "");
        Deletion deletion = pod.deletion().orElseThrow();
        assertThat(deletion.grace()).isEqualTo(Duration.ofSeconds(30));
        assertThat(deletion.askedAt()).isEqualTo(Instant.parse("2026-01-02T04:04:00Z"));
        assertThat(pod("", "", "").deletion()).isEmpty();
    }
}
