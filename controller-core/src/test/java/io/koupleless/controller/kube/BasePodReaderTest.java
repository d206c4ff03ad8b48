package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.pod.PodRef;
import io.kubernetes.client.openapi.models.V1Pod;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BasePodReaderTest {
    private static final BasePodSettings SETTINGS =
            new BasePodSettings(
                    "Test",
                    "app=base",
                    Optional.empty(),
                    1238,
                    "default",
                    new CarriedKeys(List.of("example.com/")));

    private static BasePod read(String json) {
        return new BasePodReader(SETTINGS).read(KubeJson.lenient().fromJson(json, V1Pod.class));
    }

    private static BasePod.State state(String metadata, String spec, String status) {
        return read("{\"metadata\": {%s}, \"spec\": {%s}, \"status\": {%s}}"
                        .formatted(metadata, spec, status))
                .state();
    }

    private static final String RUNNING = "\"phase\": \"Running\", \"podIP\": \"10.0.0.1\"";

    private static FoundBase serving(String metadata, String spec) {
        BasePod.State state = state(metadata, spec, RUNNING);
        assertThat(state).isInstanceOf(BasePod.Serving.class);
        return ((BasePod.Serving) state).base();
    }

    @Test
    void aPodThatSaysEverything() {
        BasePod pod =
                read(
                        """
                        {"metadata": {"namespace": "shop", "name": "base-7d4f8-x2", "uid": "u1",
                           "creationTimestamp": "2026-01-02T03:04:05Z",
                           "annotations": {"module-controller.koupleless.io/arklet-port": "2238"},
                           "labels": {"base.koupleless.io/name": "base",
                              "base.koupleless.io/version": "1.0",
                              "base.koupleless.io/cluster-name": "blue",
                              "app.kubernetes.io/name": "no", "app.kubernetes.io/version": "no"}},
                         "spec": {"nodeName": "worker-1", "hostname": "base-host",
                           "containers": [{"ports": [{"name": "arklet", "containerPort": 3238}]}]},
                         "status": {"phase": "Running", "podIP": "10.0.0.1",
                           "podIPs": [{"ip": "10.0.0.1"}, {"ip": "fd00::1"}],
                           "containerStatuses": [{"ready": false}]}}
                        """);

        assertThat(pod)
                .isEqualTo(
                        new BasePod(
                                new PodRef("shop", "base-7d4f8-x2", "u1"),
                                Instant.parse("2026-01-02T03:04:05Z"),
                                "worker-1",
                                new BasePod.Serving(
                                        new FoundBase(
                                                new BaseAddress("10.0.0.1", 2238),
                                                "base",
                                                "1.0",
                                                "blue",
                                                "base-host"))));
    }

    @Test
    void whatItsNodeCarriesIsTakenFromThePod() {
        FoundBase base =
                serving(
                        "\"labels\": {\"example.com/disk\": \"ssd\", \"app\": \"x\","
                                + " \"koupleless.alipay.com/max-module-count\": \"5\"},"
                                + " \"annotations\": {\"example.com/note\": \"a b\", \"other\": \"y\"}",
                        "");

        assertThat(base.traits())
                .isEqualTo(
                        new BaseTraits(
                                Map.of(
                                        "example.com/disk", "ssd",
                                        "koupleless.alipay.com/max-module-count", "5"),
                                Map.of("example.com/note", "a b"),
                                "",
                                ""));
    }

    @Test
    void aPodThatSaysNothing() {
        assertThat(serving("\"name\": \"lone\"", ""))
                .isEqualTo(
                        new FoundBase(
                                new BaseAddress("10.0.0.1", 1238), "lone", "", "default", "lone"));
        assertThat(read("{}").state()).isEqualTo(new BasePod.Nowhere());
    }

    /** In the words of the Pod's metadata, from the best source to the last. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "\"labels\": {\"base.koupleless.io/name\": \"a\", \"app.kubernetes.io/name\": \"b\"}"
                        + "| a",
                "\"labels\": {\"base.koupleless.io/name\": \"\", \"app.kubernetes.io/name\": \"b\"}"
                        + "| b",
                "\"labels\": {\"pod-template-hash\": \"7d4f8\"}, \"ownerReferences\":"
                        + " [{\"kind\": \"ReplicaSet\", \"name\": \"c-7d4f8\","
                        + " \"controller\": true}]| c",
                "\"ownerReferences\": [{\"kind\": \"StatefulSet\", \"name\": \"d-1\","
                        + " \"controller\": true}], \"generateName\": \"no-\"| d-1",
                "\"ownerReferences\": [{\"kind\": \"Other\", \"name\": \"no\"}],"
                        + " \"generateName\": \"e-\"| e",
                "\"labels\": {\"pod-template-hash\": \"7d4f8\"}, \"generateName\": \"f-7d4f8-\"| f",
                "\"ownerReferences\": [{\"kind\": \"Node\", \"name\": \"worker-1\","
                        + " \"controller\": true}]| pod"
            })
    void theNameFallsBack(String metadata, String name) {
        assertThat(serving("\"name\": \"pod\", " + metadata, "").name()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource({
        "base.koupleless.io/version, 1, 1, default",
        "app.kubernetes.io/version, 2, 2, default",
        "base.koupleless.io/cluster-name, blue, '', blue"
    })
    void versionAndClusterComeFromLabels(String label, String value, String version, String name) {
        FoundBase base = serving("\"labels\": {\"%s\": \"%s\"}".formatted(label, value), "");

        assertThat(base.version()).isEqualTo(version);
        assertThat(base.clusterName()).isEqualTo(name);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"name\": \"a\", \"ports\": [{\"name\": \"arklet\", \"containerPort\": 7}]}| 7",
                "{\"name\": \"a\"}, {\"name\": \"b\","
                        + " \"ports\": [{\"containerPort\": 1},"
                        + " {\"name\": \"arklet\", \"containerPort\": 8}]}| 8",
                "{\"name\": \"a\", \"ports\": [{\"name\": \"http\", \"containerPort\": 9}]}| 1238",
                "{\"name\": \"a\"}| 1238"
            })
    void aNamedPortIsArklets(String containers, int port) {
        assertThat(serving("", "\"containers\": [" + containers + "]").address().port())
                .isEqualTo(port);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "65536", "-1", "x", "1238 1239"})
    void aWrongPortIsNotReplacedByAGuess(String port) {
        assertThat(state(port(port), "", RUNNING))
                .isInstanceOfSatisfying(
                        BasePod.Unclear.class,
                        unclear -> assertThat(unclear.reason()).contains("arklet-port"));
    }

    private static String port(String number) {
        return "\"annotations\": {\"module-controller.koupleless.io/arklet-port\": \"%s\"}"
                .formatted(number);
    }

    @Test
    void onTheHostsNetworkNameAndPortMustBeSaid() {
        String host =
                "\"hostNetwork\": true, \"containers\": [{\"ports\": [{\"name\": \"arklet\","
                        + " \"containerPort\": 7}]}]";
        String name = "\"labels\": {\"base.koupleless.io/name\": \"a\"}";
        String otherName = "\"labels\": {\"app.kubernetes.io/name\": \"a\"}";

        assertThat(state(name, host, RUNNING)).isInstanceOf(BasePod.Unclear.class);
        assertThat(state(port("7"), host, RUNNING)).isInstanceOf(BasePod.Unclear.class);
        assertThat(state(otherName + "," + port("7"), host, RUNNING))
                .isInstanceOf(BasePod.Unclear.class);
        assertThat(serving(name + "," + port("7"), host).address())
                .isEqualTo(new BaseAddress("10.0.0.1", 7));
    }

    @ParameterizedTest
    @CsvSource({
        "vnode.a.test, OfModules",
        "vnode.a.b.test, OfModules",
        "vnode.a.other, Serving",
        "worker.test, Serving",
        "'', Serving"
    })
    void aPodOnAVirtualNodeIsNoBase(String node, String state) {
        assertThat(state("", "\"nodeName\": \"" + node + "\"", RUNNING).getClass().getSimpleName())
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "virtual-kubelet.koupleless.io/component",
                "module-controller.koupleless.io/component"
            })
    void aModulesPodIsNoBaseWhereverItIs(String label) {
        assertThat(state("\"labels\": {\"" + label + "\": \"module\"}", "", RUNNING))
                .isEqualTo(new BasePod.OfModules());
    }

    @ParameterizedTest
    @CsvSource({
        "Running, 10.0.0.1, false, Serving",
        "Running, 10.0.0.1, true, Leaving",
        "Running, '', false, Nowhere",
        "Running, '', true, Nowhere",
        "Pending, 10.0.0.1, false, Nowhere",
        "Pending, '', true, Nowhere",
        "Unknown, 10.0.0.1, false, Nowhere",
        "Succeeded, 10.0.0.1, false, Ended",
        "Failed, 10.0.0.1, false, Ended",
        "Failed, '', true, Ended",
        "'', '', false, Nowhere"
    })
    void phaseAndAddressDecide(String phase, String ip, boolean terminating, String state) {
        String deleted = terminating ? "\"deletionTimestamp\": \"2026-01-02T04:04:05Z\"" : "";
        String status = "\"phase\": \"%s\", \"podIP\": \"%s\"".formatted(phase, ip);

        assertThat(state(deleted, "", status).getClass().getSimpleName()).isEqualTo(state);
    }

    @Test
    void ofTwoAddressesTheFirstCounts() {
        String status =
                "\"phase\": \"Running\", \"podIPs\": [{\"ip\": \"fd00::7\"}, {\"ip\": \"10.0.0.1\"}]";

        assertThat(state("", "", status))
                .isInstanceOfSatisfying(
                        BasePod.Serving.class,
                        serving ->
                                assertThat(serving.base().address()).hasToString("[fd00::7]:1238"));
    }

    @Test
    void settingsThatWouldTakeAnyPodAreRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new BasePodSettings("e", " ", Optional.empty(), 1238, "", CarriedKeys.NONE))
                .withMessageContaining("every Pod");
        assertThatIllegalArgumentException()
                .isThrownBy(() ->
                        new BasePodSettings("e", "a", Optional.empty(), 0, "", CarriedKeys.NONE))
                .withMessageContaining("port");
    }
}
