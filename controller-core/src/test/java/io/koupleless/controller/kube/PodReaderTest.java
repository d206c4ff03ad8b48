package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.vnode.Reason;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PodReaderTest {

    private static ModulePod read(String json) {
        return PodReader.read(KubeJson.lenient().fromJson(json, V1Pod.class));
    }

    private static ModuleContainer.Wanted wanted(String container) {
        return read("{\"spec\": {\"containers\": [" + container + "]}}")
                .containers()
                .getFirst()
                .wanted();
    }

    @Test
    void aWholePodIsRead() {
        ModulePod pod =
                read(
                        """
                        {"metadata": {"namespace": "shop", "name": "biz1-x", "uid": "u1",
                           "resourceVersion": "7", "creationTimestamp": "2026-01-02T03:04:05Z",
                           "deletionTimestamp": "2026-01-02T04:04:05Z",
                           "labels": {"virtual-kubelet.koupleless.io/component": "module",
                                      "pod-template-hash": "abc"}},
                         "spec": {"nodeName": "vnode.b.test", "restartPolicy": "Never",
                           "readinessGates": [{"conditionType": "shop/ready"}],
                           "containers": [{"name": "biz1", "image": "https://repo/biz1.jar",
                              "env": [{"name": "BIZ_VERSION", "value": "1.0.0"}]}]},
                         "status": {"phase": "Running", "podIP": "10.0.0.1",
                           "startTime": "2026-01-02T03:04:06Z",
                           "conditions": [
                             {"type": "Ready", "status": "True",
                              "lastTransitionTime": "2026-01-02T03:04:07Z"},
                             {"type": "shop/ready", "status": "False", "reason": "Cold"}],
                           "containerStatuses": [{"name": "biz1", "ready": true,
                              "image": "https://repo/biz1.jar", "restartCount": 2,
                              "state": {"running": {"startedAt": "2026-01-02T03:04:07Z"}},
                              "lastState": {"terminated": {"exitCode": 1, "reason": "Error",
                                 "message": "m", "startedAt": "2026-01-02T03:04:01Z",
                                 "finishedAt": "2026-01-02T03:04:02Z"}}}]}}
                        """);

        assertThat(pod.ref()).isEqualTo(new PodRef("shop", "biz1-x", "u1"));
        assertThat(pod.nodeName()).isEqualTo("vnode.b.test");
        assertThat(pod.labelled()).isTrue();
        assertThat(pod.terminating()).isTrue();
        assertThat(pod.revision()).isEqualTo("abc");
        assertThat(pod.restartPolicy()).isEqualTo(ModulePod.RestartPolicy.NEVER);
        assertThat(pod.readinessGates()).containsExactly("shop/ready");
        assertThat(pod.createdAt()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(pod.status().phase()).isEqualTo(PodStatus.Phase.RUNNING);
        assertThat(pod.status().startTime()).contains(Instant.parse("2026-01-02T03:04:06Z"));
        assertThat(pod.status().conditions()).hasSize(2);
        var container = pod.status().container("biz1").orElseThrow();
        assertThat(container.restartCount()).isEqualTo(2);
        assertThat(container.state())
                .isEqualTo(new ContainerState.Running(Instant.parse("2026-01-02T03:04:07Z")));
        assertThat(container.lastState())
                .isEqualTo(
                        new ContainerState.Terminated(
                                1,
                                "Error",
                                "m",
                                Instant.parse("2026-01-02T03:04:01Z"),
                                Instant.parse("2026-01-02T03:04:02Z")));
    }

    @Test
    void aPodOfWhichNothingIsKnownIsReadToo() {
        ModulePod pod = read("{}");

        assertThat(pod.nodeName()).isEmpty();
        assertThat(pod.labelled()).isFalse();
        assertThat(pod.status()).isEqualTo(PodStatus.NONE);
    }

    @Test
    void fieldsThatNobodyKnowsYetAreNoObstacle() {
        ModulePod pod =
                read(
                        """
                        {"metadata": {"name": "a", "invented": {"deep": [1]}},
                         "spec": {"containers": [{"name": "a", "invented": true}], "invented": 1},
                         "status": {"phase": "Invented", "invented": []}, "invented": null}
                        """);

        assertThat(pod.ref().name()).isEqualTo("a");
        assertThat(pod.status().phase()).isEqualTo(PodStatus.Phase.PENDING);
    }

    @ParameterizedTest
    @CsvSource({
        "virtual-kubelet.koupleless.io/component, module, true",
        "module-controller.koupleless.io/component, module, true",
        "virtual-kubelet.koupleless.io/component, vnode, false",
        "app, module, false"
    })
    void eitherLabelMakesAModulePod(String label, String value, boolean labelled) {
        ModulePod pod =
                read("{\"metadata\": {\"labels\": {\"%s\": \"%s\"}}}".formatted(label, value));

        assertThat(pod.labelled()).isEqualTo(labelled);
    }

    @Test
    void theRevisionOfAStatefulSetIsItsControllersHash() {
        ModulePod pod =
                read("{\"metadata\": {\"labels\": {\"controller-revision-hash\": \"r1\"}}}");

        assertThat(pod.revision()).isEqualTo("r1");
    }

    @Test
    void theContainersNameIsTheModules() {
        ModuleContainer.Wanted wanted =
                wanted(
                        """
                        {"name": "biz1", "image": "file:///opt/biz1.jar",
                         "env": [{"name": "BIZ_VERSION", "value": "1"}]}
                        """);

        assertThat(wanted)
                .isInstanceOfSatisfying(
                        ModuleContainer.Module.class,
                        module -> {
                            assertThat(module.ref()).isEqualTo(new ModuleRef("biz1", "1"));
                            assertThat(module.url()).hasToString("file:///opt/biz1.jar");
                            assertThat(module.urlHash()).hasSize(64);
                        });
    }

    @Test
    void aVariableNamesWhatAContainerCannot() {
        ModuleContainer.Wanted wanted =
                wanted(
                        """
                        {"name": "b", "image": "http://h/b.jar", "env": [
                          {"name": "BIZ_NAME", "value": "Biz_One"},
                          {"name": "BIZ_VERSION", "value": "0"},
                          {"name": "BIZ_VERSION", "value": "1"}]}
                        """);

        assertThat(wanted)
                .isInstanceOfSatisfying(
                        ModuleContainer.Module.class,
                        module ->
                                assertThat(module.ref()).isEqualTo(new ModuleRef("Biz_One", "1")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[]| BIZ_VERSION",
                "[{\"name\": \"BIZ_VERSION\", \"value\": \" \"}]| BIZ_VERSION",
                "[{\"name\": \"BIZ_VERSION\", \"valueFrom\": {\"fieldRef\": {}}}]| BIZ_VERSION",
                "[{\"name\": \"BIZ_VERSION\", \"value\": \"1\"},"
                        + " {\"name\": \"BIZ_NAME\", \"valueFrom\": {}}]| BIZ_NAME"
            })
    void aVariableThatIsMissingOrFromElsewhereIsNamed(String env, String variable) {
        ModuleContainer.Wanted wanted =
                wanted(
                        "{\"name\": \"shop\", \"image\": \"http://h/b.jar\", \"env\": %s}"
                                .formatted(env));

        assertThat(wanted)
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid -> {
                            assertThat(invalid.reason()).isEqualTo(Reason.PARAMETER_INVALID);
                            assertThat(invalid.message()).contains("shop", variable);
                        });
    }

    @Test
    void theSecondContainerThatAsksForAModuleIsInvalid() {
        ModulePod pod =
                read(
                        """
                        {"spec": {"containers": [
                          {"name": "a", "image": "http://h/1.jar", "env": [
                            {"name": "BIZ_NAME", "value": "m"},
                            {"name": "BIZ_VERSION", "value": "1"}]},
                          {"name": "m", "image": "http://h/2.jar", "env": [
                            {"name": "BIZ_VERSION", "value": "1"}]}]}}
                        """);

        List<ModuleContainer> containers = pod.containers();
        assertThat(containers.get(0).wanted()).isInstanceOf(ModuleContainer.Module.class);
        assertThat(containers.get(1).wanted())
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid ->
                                assertThat(invalid.message())
                                        .contains("container m", "m:1", "container a"));
    }
}
