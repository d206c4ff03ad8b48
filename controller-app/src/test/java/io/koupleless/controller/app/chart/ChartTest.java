package io.koupleless.controller.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.dataformat.yaml.YAMLMapper;

class ChartTest {
    private static final YAMLMapper YAML = new YAMLMapper();

    /** Each request of controller-core's package kube. */
    private static final Set<String> USED =
            Set.of(
                    "cluster: get /version",
                    "cluster: get nodes",
                    "cluster: list nodes",
                    "cluster: watch nodes",
                    "cluster: create nodes",
                    "cluster: patch nodes",
                    "cluster: delete nodes",
                    "cluster: patch nodes/status",
                    "cluster: get pods",
                    "cluster: list pods",
                    "cluster: watch pods",
                    "cluster: delete pods",
                    "cluster: patch pods/status",
                    "cluster: create events.events.k8s.io",
                    "kube-node-lease: get leases.coordination.k8s.io",
                    "kube-node-lease: create leases.coordination.k8s.io",
                    "kube-node-lease: patch leases.coordination.k8s.io",
                    "kube-node-lease: delete leases.coordination.k8s.io",
                    "ns: get configmaps",
                    "ns: list configmaps",
                    "ns: create configmaps",
                    "ns: patch configmaps",
                    "ns: delete configmaps");

    @Test
    void theChartIsClean() {
        LintResult result = Chart.lint();
        assertThat(result.isFailed()).as(String.join("\n", result.getMessages())).isFalse();
    }

    @Test
    void byDefaultOnePodRunsUnderAnAccountOfItsOwn() {
        Rendered chart = render(Map.of());
        assertThat(chart.kinds())
                .containsExactly(
                        "ClusterRole/ns-module-controller",
                        "ClusterRoleBinding/ns-module-controller",
                        "Deployment/module-controller",
                        "Role/module-controller",
                        "Role/ns-module-controller",
                        "RoleBinding/module-controller",
                        "RoleBinding/ns-module-controller",
                        "Service/module-controller",
                        "ServiceAccount/module-controller");
        JsonNode deployment = chart.deployment();
        assertThat(deployment.at("/spec/replicas").asInt()).isEqualTo(1);
        assertThat(deployment.at("/spec/strategy/type").asString()).isEqualTo("Recreate");
        assertThat(chart.pod().path("serviceAccountName").asString())
                .isEqualTo("module-controller");
        assertThat(chart.container().path("image").asString())
                .isEqualTo("koupleless/module-controller:0.1.0-SNAPSHOT");
        assertThat(chart.variable("SPRING_PROFILES_ACTIVE")).contains("mqtt");
        assertThat(chart.variable("CLIENT_ID")).contains("module-controller.ns.dev");
        assertThat(chart.variable("ENV")).contains("dev");
        assertThat(chart.variable("MQTT_BROKER")).contains("mqtt-broker");
        assertThat(chart.variable("MQTT_PASSWORD")).isEmpty();
        assertThat(chart.variable("MQTT_CA_PATH")).isEmpty();
        assertThat(chart.variable("JAVA_TOOL_OPTIONS").orElseThrow()).contains("-Xmx192m");
    }

    @Test
    void thePodMayDoNothingToItsNode() {
        Rendered chart = render(Map.of());
        assertThat(chart.pod().at("/securityContext/runAsNonRoot").asBoolean()).isTrue();
        JsonNode security = chart.container().path("securityContext");
        assertThat(security.path("readOnlyRootFilesystem").asBoolean()).isTrue();
        assertThat(security.path("allowPrivilegeEscalation").asBoolean()).isFalse();
        assertThat(security.at("/capabilities/drop/0").asString()).isEqualTo("ALL");
        assertThat(chart.container().at("/volumeMounts/0/mountPath").asString()).isEqualTo("/tmp");
    }

    @Test
    void probesAskTheHealthGroups() {
        JsonNode container = render(Map.of()).container();
        assertThat(container.at("/livenessProbe/httpGet/path").asString())
                .isEqualTo("/actuator/health/liveness");
        assertThat(container.at("/startupProbe/httpGet/path").asString())
                .isEqualTo("/actuator/health/liveness");
        assertThat(container.at("/readinessProbe/httpGet/path").asString())
                .isEqualTo("/actuator/health/readiness");
        assertThat(container.at("/ports/0/containerPort").asInt()).isEqualTo(8081);
    }

    @Test
    void theRightsAreThoseThatAreUsed() {
        assertThat(rights("ns")).containsExactlyInAnyOrderElementsOf(USED);
        assertThat(ChartRbac.render("ns"))
                .contains("kind: ServiceAccount")
                .doesNotContain("kind: Deployment", "kind: Service\n", "secrets", "*");
    }

    @Test
    void everyRightIsBoundToTheAccount() {
        Rendered chart = render(Map.of());
        Set<String> roles = new TreeSet<>();
        Set<String> bound = new TreeSet<>();
        chart.objects()
                .forEach(object -> {
                    String kind = object.path("kind").asString();
                    String place = object.at("/metadata/namespace").asString("");
                    if (kind.endsWith("Role")) {
                        roles.add(kind + place + object.at("/metadata/name").asString());
                    } else if (kind.endsWith("Binding")) {
                        bound.add(
                                object.at("/roleRef/kind").asString()
                                        + place
                                        + object.at("/roleRef/name").asString());
                        assertThat(object.at("/subjects/0/name").asString())
                                .isEqualTo(ChartRbac.SERVICE_ACCOUNT);
                        assertThat(object.at("/subjects/0/namespace").asString()).isEqualTo("ns");
                    }
                });
        assertThat(bound).isEqualTo(roles).hasSize(3);
    }

    @ParameterizedTest
    @CsvSource({
        "env, Prod, ENV, Prod",
        "env, Prod, CLIENT_ID, module-controller.ns.Prod",
        "identity, me, CLIENT_ID, me",
        "mqtt.host, broker, MQTT_BROKER, broker",
        "mqtt.port, 8883, MQTT_PORT, 8883",
        "mqtt.version, v5, MODULECONTROLLER_MQTT_VERSION, v5",
        "mqtt.clientPrefix, p, MQTT_CLIENT_PREFIX, p",
        "mqtt.username, user, MQTT_USERNAME, user",
        "mqtt.tls.enabled, true, MODULECONTROLLER_MQTT_TLS_ENABLED, true",
        "port, 9000, SERVER_PORT, 9000",
        "jvmOptions, -Xmx1g, JAVA_TOOL_OPTIONS, -Xmx1g",
        "settings.module-controller.install.deadline, 90s, SPRING_APPLICATION_JSON,"
                + " '{\"module-controller\":{\"install\":{\"deadline\":\"90s\"}}}'"
    })
    void aValueBecomesAVariable(String value, String set, String variable, String expected) {
        assertThat(render(Map.of(value, set)).variable(variable)).contains(expected);
    }

    @Test
    void thePasswordComesFromASecret() {
        JsonNode variable =
                render(
                                Map.of(
                                        "mqtt.password.secretName", "login",
                                        "mqtt.password.key", "pass"))
                        .variables()
                        .filter(v -> v.path("name").asString().equals("MQTT_PASSWORD"))
                        .findFirst()
                        .orElseThrow();
        assertThat(variable.at("/valueFrom/secretKeyRef/name").asString()).isEqualTo("login");
        assertThat(variable.at("/valueFrom/secretKeyRef/key").asString()).isEqualTo("pass");
    }

    @Test
    void certificatesComeFromASecret() {
        Rendered chart =
                render(
                        Map.of(
                                "mqtt.tls.enabled", "true",
                                "mqtt.tls.verify", "false",
                                "mqtt.tls.secretName", "pem",
                                "mqtt.tls.clientCertificate", "true"));
        String directory = "/etc/module-controller/mqtt/";
        assertThat(chart.variable("MQTT_CA_PATH")).contains(directory + "ca.crt");
        assertThat(chart.variable("MQTT_CLIENT_CRT_PATH")).contains(directory + "tls.crt");
        assertThat(chart.variable("MQTT_CLIENT_KEY_PATH")).contains(directory + "tls.key");
        assertThat(chart.variable("MODULECONTROLLER_MQTT_TLS_VERIFY")).contains("false");
        assertThat(chart.pod().at("/volumes/1/secret/secretName").asString()).isEqualTo("pem");
        assertThat(chart.container().at("/volumeMounts/1/mountPath").asString())
                .isEqualTo("/etc/module-controller/mqtt");
    }

    @Test
    void aSecretWithoutAnAuthorityLeavesTrustToTheJdk() {
        Rendered chart =
                render(
                        Map.of(
                                "mqtt.tls.enabled", "true",
                                "mqtt.tls.secretName", "pem",
                                "mqtt.tls.caKey", ""));
        assertThat(chart.variable("MQTT_CA_PATH")).isEmpty();
        assertThat(chart.variable("MQTT_CLIENT_CRT_PATH")).isEmpty();
    }

    @Test
    void theAccountMayBeAnother() {
        Rendered given =
                render(Map.of("serviceAccount.create", "false", "serviceAccount.name", "other"));
        assertThat(given.kinds()).noneMatch(kind -> kind.startsWith("ServiceAccount"));
        assertThat(given.pod().path("serviceAccountName").asString()).isEqualTo("other");
        Rendered annotated = render(Map.of("serviceAccount.annotations.a", "b"));
        assertThat(annotated.one("ServiceAccount").at("/metadata/annotations/a").asString())
                .isEqualTo("b");
    }

    @Test
    void rolesAndServiceMayBeLeftOut() {
        assertThat(render(Map.of("rbac.create", "false")).kinds())
                .noneMatch(kind -> kind.contains("Role"));
        assertThat(render(Map.of("service.create", "false")).kinds())
                .noneMatch(kind -> kind.startsWith("Service/"));
        assertThat(
                        render(Map.of("service.metricsPort", "9191"))
                                .one("Service")
                                .at("/spec/ports/0/port")
                                .asInt())
                .isEqualTo(9191);
    }

    @ParameterizedTest
    @CsvSource({
        "image.repository, here/it, /spec/containers/0/image, here/it:0.1.0-SNAPSHOT",
        "image.tag, v1, /spec/containers/0/image, koupleless/module-controller:v1",
        "image.pullPolicy, Never, /spec/containers/0/imagePullPolicy, Never",
        "imagePullSecrets[0].name, pull, /spec/imagePullSecrets/0/name, pull",
        "resources.limits.memory, 1Gi, /spec/containers/0/resources/limits/memory, 1Gi",
        "podAnnotations.a, b, /metadata/annotations/a, b",
        "podLabels.a, b, /metadata/labels/a, b",
        "nodeSelector.a, b, /spec/nodeSelector/a, b",
        "tolerations[0].key, t, /spec/tolerations/0/key, t",
        "affinity.podAntiAffinity.a, b, /spec/affinity/podAntiAffinity/a, b",
        "priorityClassName, high, /spec/priorityClassName, high",
        "nameOverride, other, /metadata/labels/app.kubernetes.io~1name, other",
        "fullnameOverride, whole, /spec/serviceAccountName, whole"
    })
    void aValueShapesThePod(String value, String set, String pointer, String expected) {
        assertThat(
                        render(Map.of(value, set))
                                .deployment()
                                .at("/spec/template")
                                .at(pointer)
                                .asString())
                .isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"env, a_b", "mqtt.port, 0", "mqtt.version, v4", "replicas, 2", "port, 80"})
    void nonsenseIsRefused(String value, String set) {
        assertThatThrownBy(() -> render(Map.of(value, set)))
                .hasMessageContaining(value.substring(value.lastIndexOf('.') + 1));
    }

    private static Set<String> rights(String namespace) {
        return ChartRbac.documents(namespace).stream()
                .map(YAML::readTree)
                .filter(object -> object.path("kind").asString().endsWith("Role"))
                .flatMap(ChartTest::rightsOf)
                .collect(Collectors.toSet());
    }

    private static Stream<String> rightsOf(JsonNode role) {
        String place = role.at("/metadata/namespace").asString("cluster");
        return role.path("rules")
                .valueStream()
                .flatMap(rule ->
                        rule.path("verbs")
                                .valueStream()
                                .flatMap(verb ->
                                        targets(rule)
                                                .map(target ->
                                                        place
                                                                + ": "
                                                                + verb.asString()
                                                                + " "
                                                                + target)));
    }

    private static Stream<String> targets(JsonNode rule) {
        Stream<String> urls = rule.path("nonResourceURLs").valueStream().map(JsonNode::asString);
        Stream<String> resources =
                rule.path("apiGroups")
                        .valueStream()
                        .map(JsonNode::asString)
                        .flatMap(group ->
                                rule.path("resources")
                                        .valueStream()
                                        .map(JsonNode::asString)
                                        .map(name -> group.isEmpty() ? name : name + "." + group));
        return Stream.concat(urls, resources);
    }

    private static Rendered render(Map<String, Object> values) {
        return new Rendered(Chart.render("ns", values).stream().map(YAML::readTree).toList());
    }

    /** What Helm would apply. */
    private record Rendered(List<JsonNode> objects) {
        private Set<String> kinds() {
            return objects.stream()
                    .map(object ->
                            object.path("kind").asString()
                                    + "/"
                                    + object.at("/metadata/name").asString())
                    .collect(Collectors.toCollection(TreeSet::new));
        }

        private JsonNode one(String kind) {
            return objects.stream()
                    .filter(object -> object.path("kind").asString().equals(kind))
                    .findFirst()
                    .orElseThrow();
        }

        private JsonNode deployment() {
            return one("Deployment");
        }

        private JsonNode pod() {
            return deployment().at("/spec/template/spec");
        }

        private JsonNode container() {
            return pod().at("/containers/0");
        }

        private Stream<JsonNode> variables() {
            return container().path("env").valueStream();
        }

        private Optional<String> variable(String name) {
            return variables()
                    .filter(variable -> variable.path("name").asString().equals(name))
                    .map(variable -> variable.path("value").asString())
                    .findFirst();
        }
    }
}
