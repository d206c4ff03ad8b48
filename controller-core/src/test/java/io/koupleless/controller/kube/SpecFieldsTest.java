package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.annotations.SerializedName;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.vnode.Reason;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.lang.reflect.Field;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** No field of a Pod is lost in silence: each has a row, and does what its row says. */
class SpecFieldsTest {

    /** A Pod as the API server stores it when nothing but the module was said. */
    private static final String DEFAULTS_OF_POD =
            """
            "dnsPolicy": "ClusterFirst", "enableServiceLinks": true, "preemptionPolicy":
            "PreemptLowerPriority", "priority": 0, "restartPolicy": "Always", "schedulerName":
            "default-scheduler", "securityContext": {}, "serviceAccount": "default",
            "serviceAccountName": "default", "terminationGracePeriodSeconds": 30, "volumes":
            [{"name": "kube-api-access-x", "projected": {"sources": []}}]
            """;

    private static final String DEFAULTS_OF_CONTAINER =
            """
            "imagePullPolicy": "IfNotPresent", "resources": {}, "terminationMessagePath":
            "/dev/termination-log", "terminationMessagePolicy": "File", "volumeMounts":
            [{"name": "kube-api-access-x", "readOnly": true,
              "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount"}]
            """;

    private static final Map<String, String> OF_POD = new HashMap<>();
    private static final Map<String, String> OF_CONTAINER = new HashMap<>();

    static {
        OF_POD.put("dnsConfig", "{\"searches\": [\"shop\"]}");
        OF_POD.put("dnsPolicy", "\"Default\"");
        OF_POD.put("ephemeralContainers", "[{\"name\": \"debug\", \"image\": \"busybox\"}]");
        OF_POD.put("hostAliases", "[{\"ip\": \"10.0.0.1\", \"hostnames\": [\"db\"]}]");
        OF_POD.put("hostIPC", "true");
        OF_POD.put("hostNetwork", "true");
        OF_POD.put("hostPID", "true");
        OF_POD.put("hostUsers", "false");
        OF_POD.put("hostnameOverride", "\"shop\"");
        OF_POD.put("imagePullSecrets", "[{\"name\": \"registry\"}]");
        OF_POD.put("initContainers", "[{\"name\": \"migrate\", \"image\": \"migrate:1\"}]");
        OF_POD.put("os", "{\"name\": \"windows\"}");
        OF_POD.put("resourceClaims", "[{\"name\": \"gpu\"}]");
        OF_POD.put("runtimeClassName", "\"gvisor\"");
        OF_POD.put("securityContext", "{\"runAsNonRoot\": true}");
        OF_POD.put("serviceAccountName", "\"shop\"");
        OF_POD.put("setHostnameAsFQDN", "true");
        OF_POD.put("shareProcessNamespace", "true");
        OF_CONTAINER.put("command", "[\"java\"]");
        OF_CONTAINER.put("envFrom", "[{\"secretRef\": {\"name\": \"db\"}}]");
        OF_CONTAINER.put("lifecycle.postStart", "{\"sleep\": {\"seconds\": 2}}");
        OF_CONTAINER.put("lifecycle.stopSignal", "\"SIGUSR1\"");
        OF_CONTAINER.put("ports.hostPort", "[{\"containerPort\": 80, \"hostPort\": 80}]");
        OF_CONTAINER.put("restartPolicy", "\"Never\"");
        OF_CONTAINER.put("restartPolicyRules", "[{\"action\": \"Restart\"}]");
        OF_CONTAINER.put("securityContext", "{\"readOnlyRootFilesystem\": true}");
        OF_CONTAINER.put("stdin", "true");
        OF_CONTAINER.put("stdinOnce", "true");
        OF_CONTAINER.put("tty", "true");
        OF_CONTAINER.put("volumeDevices", "[{\"name\": \"d\", \"devicePath\": \"/dev/x\"}]");
        OF_CONTAINER.put("volumeMounts", "[{\"name\": \"data\", \"mountPath\": \"/data\"}]");
        OF_CONTAINER.put("workingDir", "\"/srv\"");
    }

    private static ModulePod pod(String ofPod, String ofContainer) {
        return pod(ofPod, ofContainer, "");
    }

    private static ModulePod pod(String ofPod, String ofContainer, String variables) {
        String json =
                """
                {"metadata": {"namespace": "shop", "name": "biz1", "uid": "u1"},
                 "spec": {%s, "containers": [{"name": "biz1", "image": "http://repo/biz1.jar",
                   "env": [{"name": "BIZ_VERSION", "value": "1.0.0"}%s], %s}]}}
                """
                        .formatted(ofPod, variables, ofContainer);
        return PodReader.read(KubeJson.lenient().fromJson(json, V1Pod.class));
    }

    private static ModulePod withField(boolean ofPod, String path) {
        Map<String, String> values = ofPod ? OF_POD : OF_CONTAINER;
        assertThat(values).as("an example of a Pod that asks for it").containsKey(path);
        String[] steps = path.equals("ports.hostPort") ? new String[] {"ports"} : path.split("\\.");
        String value = Objects.requireNonNull(values.get(path));
        String field =
                steps.length == 1
                        ? "\"%s\": %s".formatted(steps[0], value)
                        : "\"%s\": {\"%s\": %s}".formatted(steps[0], steps[1], value);
        // gson takes the last of two fields of one name away: the default has to go
        String defaults = ofPod ? DEFAULTS_OF_POD : DEFAULTS_OF_CONTAINER;
        String others =
                Stream.of(defaults.split(",\\s*(?=\")"))
                        .filter(f -> !f.strip().startsWith("\"" + steps[0] + "\""))
                        .filter(f -> !f.contains("mountPath") || !steps[0].equals("volumeMounts"))
                        .reduce((a, b) -> a + ", " + b)
                        .orElseThrow();
        others = steps[0].equals("volumeMounts") ? "\"resources\": {}" : others;
        return ofPod
                ? pod(field + ", " + others, DEFAULTS_OF_CONTAINER)
                : pod(DEFAULTS_OF_POD, field + ", " + others);
    }

    private static Stream<SpecField<?>> rows() {
        return Stream.concat(PodFields.ROWS.stream(), ContainerFields.ROWS.stream());
    }

    private static boolean ofPod(SpecField<?> row) {
        return PodFields.ROWS.stream().anyMatch(r -> r == row);
    }

    @Test
    void everyFieldThatKubernetesKnowsHasARow() {
        assertThat(PodFields.ROWS.stream().map(SpecField::path).toList())
                .containsExactlyElementsOf(fields(V1PodSpec.class));
        assertThat(
                        ContainerFields.ROWS.stream()
                                .map(row -> row.path().replaceAll("\\..*", ""))
                                .distinct()
                                .toList())
                .containsExactlyElementsOf(fields(V1Container.class));
    }

    private static List<String> fields(Class<?> model) {
        return List.copyOf(
                new TreeSet<>(
                        Arrays.stream(model.getDeclaredFields())
                                .map(SpecFieldsTest::name)
                                .filter(name -> !name.isEmpty())
                                .toList()));
    }

    private static String name(Field field) {
        SerializedName name = field.getAnnotation(SerializedName.class);
        return name == null ? "" : name.value();
    }

    @Test
    void whatIsNeedlessIsSilent() {
        ModulePod pod = pod(DEFAULTS_OF_POD, DEFAULTS_OF_CONTAINER);

        assertThat(pod.terms().ignored()).isEmpty();
        assertThat(pod.containers().getFirst().wanted()).isInstanceOf(ModuleContainer.Module.class);
    }

    static Stream<SpecField<?>> ignored() {
        return rows().filter(row -> row.treatment() == SpecField.Treatment.IGNORED)
                .filter(row -> !row.path().equals("env"));
    }

    @ParameterizedTest
    @MethodSource("ignored")
    void whatIsIgnoredIsNamedAndDefaultsAreNot(SpecField<?> row) {
        ModulePod pod = withField(ofPod(row), row.path());

        assertThat(pod.terms().ignored())
                .singleElement()
                .asString()
                .contains(row.path(), row.note());
        assertThat(pod.containers().getFirst().wanted()).isInstanceOf(ModuleContainer.Module.class);
    }

    @Test
    void variablesThatDoNothingAreNamedAndThoseOfArgsAreNot() {
        ModulePod pod =
                pod(
                        DEFAULTS_OF_POD,
                        "\"args\": [\"$(B)\"]",
                        """
                        , {"name": "A", "value": "1"}, {"name": "B", "value": "$(A)"},
                        {"name": "TZ", "value": "UTC"}, {"name": "BIZ_NAME", "value": "m"}
                        """);

        assertThat(pod.terms().ignored()).singleElement().asString().contains("env [TZ]: ");
    }

    static Stream<SpecField<?>> refused() {
        return rows().filter(row -> row.treatment() == SpecField.Treatment.REFUSED);
    }

    @ParameterizedTest
    @MethodSource("refused")
    void whatIsRefusedIsNotInstalled(SpecField<?> row) {
        ModulePod pod = withField(ofPod(row), row.path());

        assertThat(pod.containers().getFirst().wanted())
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid -> {
                            assertThat(invalid.reason()).isEqualTo(Reason.REQUEST_INVALID);
                            assertThat(invalid.message()).contains(row.path(), row.note());
                        });
    }

    @Test
    void aPodOfAJobIsRefused() {
        ModulePod pod =
                PodReader.read(
                        KubeJson.lenient()
                                .fromJson(
                                        """
                                        {"metadata": {"ownerReferences": [
                                           {"apiVersion": "shop/v1", "kind": "Job", "name": "other"},
                                           {"apiVersion": "batch/v1", "kind": "Job", "name": "nightly",
                                            "uid": "j1", "controller": true}]},
                                         "spec": {"restartPolicy": "Never", "containers": [
                                           {"name": "biz1", "image": "http://repo/biz1.jar", "env": [
                                             {"name": "BIZ_VERSION", "value": "1"}]}]}}
                                        """,
                                        V1Pod.class));

        assertThat(pod.terms().owner().orElseThrow()).hasToString("Job nightly");
        assertThat(pod.containers().getFirst().wanted())
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid -> {
                            assertThat(invalid.reason()).isEqualTo(Reason.REQUEST_INVALID);
                            assertThat(invalid.message()).contains("nightly", "do not complete");
                        });
    }

    @Test
    void anInjectedSidecarIsNamedAndTheModuleBesideItRuns() {
        ModulePod pod =
                PodReader.read(
                        KubeJson.lenient()
                                .fromJson(
                                        """
                                        {"spec": {"containers": [
                                          {"name": "istio-proxy", "image": "proxyv2:1.27",
                                           "env": [{"name": "ISTIO_META_MESH_ID", "value": "m"}],
                                           "volumeMounts": [{"name": "c", "mountPath": "/etc/istio"}]},
                                          {"name": "biz1", "image": "http://repo/biz1.jar", "env": [
                                             {"name": "BIZ_VERSION", "value": "1"}]}]}}
                                        """,
                                        V1Pod.class));

        assertThat(pod.containers().getFirst().wanted())
                .isInstanceOfSatisfying(
                        ModuleContainer.Invalid.class,
                        invalid ->
                                assertThat(invalid.message())
                                        .contains("istio-proxy", "BIZ_VERSION", "exclude"));
        assertThat(pod.containers().getLast().wanted()).isInstanceOf(ModuleContainer.Module.class);
        assertThat(pod.terms().ignored()).isEmpty();
    }
}
