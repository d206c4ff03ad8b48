package io.koupleless.controller.app.chart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.marcnuri.helm.LintResult;
import java.io.IOException;
import java.nio.file.Files;
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
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.boot.context.properties.source.ConfigurationPropertySources;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;
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
                    "cluster: list daemonsets.apps",
                    "cluster: watch daemonsets.apps",
                    "kube-node-lease: get leases.coordination.k8s.io",
                    "kube-node-lease: create leases.coordination.k8s.io",
                    "kube-node-lease: patch leases.coordination.k8s.io",
                    "kube-node-lease: delete leases.coordination.k8s.io",
                    "ns: get configmaps",
                    "ns: list configmaps",
                    "ns: create configmaps",
                    "ns: patch configmaps",
                    "ns: delete configmaps");

    private static final Set<String> USED_FOR_PEERS =
            Set.of(
                    "cluster: list deployments.apps",
                    "cluster: watch deployments.apps",
                    "cluster: patch deployments/scale.apps",
                    "cluster: list horizontalpodautoscalers.autoscaling",
                    "cluster: watch horizontalpodautoscalers.autoscaling",
                    "ns: get leases.coordination.k8s.io",
                    "ns: create leases.coordination.k8s.io",
                    "ns: patch leases.coordination.k8s.io");

    private static final Map<String, Object> OVER_HTTP = Map.of("tunnels[0]", "http");

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
        assertThat(rights("ns", Map.of())).containsExactlyInAnyOrderElementsOf(USED);
        assertThat(ChartRbac.render("ns"))
                .contains("kind: ServiceAccount")
                .doesNotContain("kind: Deployment", "kind: Service\n", "secrets", "*");
    }

    @Test
    void eachSettingBringsItsRights() {
        Set<String> all = new TreeSet<>(USED);
        all.addAll(USED_FOR_PEERS);
        assertThat(rights("ns", Map.of("peers.enabled", "true")))
                .containsExactlyInAnyOrderElementsOf(all);

        all.removeIf(right -> right.contains("daemonsets"));
        assertThat(rights("ns", Map.of("peers.enabled", "true", "baseline.workloads", "false")))
                .containsExactlyInAnyOrderElementsOf(all);

        assertThat(rights("ns", Map.of("baseline.workloads", "false")))
                .noneMatch(right -> right.contains(".apps"));
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

    @Test
    void eachTunnelIsAProfile() {
        Rendered http = render(OVER_HTTP);
        assertThat(http.variable("SPRING_PROFILES_ACTIVE")).contains("http");
        assertThat(http.variables().map(variable -> variable.path("name").asString()))
                .noneMatch(name -> name.contains("MQTT"));
        assertThat(http.container().at("/ports/1/name").asString()).isEqualTo("heartbeats");
        assertThat(http.container().at("/ports/1/containerPort").asInt()).isEqualTo(7777);

        Rendered both = render(Map.of("tunnels[0]", "mqtt", "tunnels[1]", "http"));
        assertThat(both.variable("SPRING_PROFILES_ACTIVE")).contains("mqtt,http");
        assertThat(both.variable("MQTT_BROKER")).contains("mqtt-broker");
        assertThat(both.httpSetting("port")).contains("7777");
    }

    @Test
    void withoutItsTunnelHttpLeavesNoTrace() {
        Rendered chart = render(Map.of("http.bases[0]", "b:1", "http.token.secretName", "login"));

        assertThat(chart.variables().map(variable -> variable.path("name").asString()))
                .noneMatch(name -> name.contains("HTTP"));
        assertThat(chart.container().path("ports").size()).isEqualTo(1);
        assertThat(chart.pod().path("volumes").size()).isEqualTo(1);
        assertThat(chart.kinds()).noneMatch(kind -> kind.contains("heartbeats"));
    }

    /** Bound as Spring Boot binds them: an environment variable cannot spell a dash. */
    @ParameterizedTest
    @CsvSource({
        "http.port, 9999, port, 9999",
        "http.token.secretName, login, token-file, /etc/module-controller/http/token",
        "http.trustedCidrs[0], fd00::/8, trusted-cidrs, fd00::/8",
        "http.allowLoopback, true, allow-loopback, true",
        "http.bases[0], '[fd00::1]:1', bases, '[fd00::1]:1'",
        "http.dns[0], bases.shop:1238, dns, bases.shop:1238",
        "http.pods.selector, 'app in (a,b)', pods.selector, 'app in (a,b)'"
    })
    void aValueBecomesASettingOfHttp(String value, String set, String setting, String expected) {
        assertThat(render(Map.of("tunnels[0]", "http", value, set)).httpSetting(setting))
                .contains(expected);
    }

    @Test
    void severalOfAKindAreOneSetting() {
        Rendered chart =
                render(
                        Map.of(
                                "tunnels[0]", "http",
                                "http.bases[0]", "a:1",
                                "http.bases[1]", "b:2"));

        assertThat(chart.httpSetting("bases")).contains("a:1,b:2");
    }

    @Test
    void podsAreLookedForOnlyWithASelector() {
        Rendered without = render(Map.of("tunnels[0]", "http", "http.pods.namespace", "shop"));
        assertThat(without.httpSetting("pods.port")).isEmpty();
        assertThat(without.httpSetting("pods.namespace")).isEmpty();

        Rendered with =
                render(
                        Map.of(
                                "tunnels[0]", "http",
                                "http.pods.selector", "app=base",
                                "http.pods.namespace", "shop",
                                "http.pods.port", "2238"));
        assertThat(with.httpSetting("pods.selector")).contains("app=base");
        assertThat(with.httpSetting("pods.namespace")).contains("shop");
        assertThat(with.httpSetting("pods.port")).contains("2238");
        assertThat(with.kinds().stream().filter(kind -> kind.contains("Role")))
                .as("module Pods need as much")
                .hasSize(6);
    }

    @Test
    void theTokenComesFromASecret() {
        Rendered chart =
                render(
                        Map.of(
                                "tunnels[0]", "http",
                                "http.token.secretName", "login",
                                "http.token.key", "t",
                                "http.token.required", "true"));

        assertThat(chart.httpSetting("token-file")).contains("/etc/module-controller/http/t");
        assertThat(chart.httpSetting("require-token")).contains("true");
        assertThat(chart.pod().at("/volumes/1/secret/secretName").asString()).isEqualTo("login");
        assertThat(chart.pod().at("/volumes/1/secret/items/0/path").asString()).isEqualTo("t");
        JsonNode mount = chart.container().at("/volumeMounts/1");
        assertThat(mount.path("mountPath").asString()).isEqualTo("/etc/module-controller/http");
        assertThat(mount.has("subPath")).as("which would never see a new token").isFalse();
    }

    @Test
    void heartbeatsHaveAServiceOfTheirOwn() {
        JsonNode service =
                render(Map.of("tunnels[0]", "http", "http.port", "7000"))
                        .heartbeats()
                        .orElseThrow();
        assertThat(service.at("/spec/type").asString()).isEqualTo("ClusterIP");
        assertThat(service.at("/spec/ports/0/port").asInt()).isEqualTo(7000);
        assertThat(service.at("/spec/ports/0/targetPort").asString()).isEqualTo("heartbeats");
        assertThat(service.at("/spec/publishNotReadyAddresses").asBoolean()).isTrue();
        assertThat(service.at("/spec").has("externalTrafficPolicy")).isFalse();

        JsonNode outside =
                render(
                                Map.of(
                                        "tunnels[0]", "http",
                                        "http.service.type", "LoadBalancer",
                                        "http.service.annotations.a", "b"))
                        .heartbeats()
                        .orElseThrow();
        assertThat(outside.at("/spec/externalTrafficPolicy").asString()).isEqualTo("Local");
        assertThat(outside.at("/metadata/annotations/a").asString()).isEqualTo("b");

        assertThat(
                        render(Map.of("tunnels[0]", "http", "http.service.create", "false"))
                                .heartbeats())
                .isEmpty();
    }

    @Test
    void theChartsReadmeTellsOfEachValue() throws IOException {
        String readme = Files.readString(Chart.DIRECTORY.resolve("README.md"));
        JsonNode values = YAML.readTree(Files.readString(Chart.DIRECTORY.resolve("values.yaml")));

        assertThat(leaves("", values).filter(value -> !toldOf(readme, value))).isEmpty();
    }

    private static Stream<String> leaves(String prefix, JsonNode node) {
        return node.isEmpty()
                ? Stream.of(prefix)
                : node.properties().stream()
                        .flatMap(child ->
                                leaves(
                                        prefix.isEmpty()
                                                ? child.getKey()
                                                : prefix + "." + child.getKey(),
                                        child.getValue()));
    }

    /** Itself, or what it is a part of. */
    private static boolean toldOf(String readme, String value) {
        int dot = value.lastIndexOf('.');
        return readme.contains("| `" + value + "` |")
                || (dot > 0 && toldOf(readme, value.substring(0, dot)));
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
        "baseline.workloads, false, MODULECONTROLLER_BASELINE_WORKLOADS, false",
        "peers.enabled, true, MODULECONTROLLER_PEERS_ENABLED, true",
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
    @CsvSource({
        "env, a_b",
        "mqtt.port, 0",
        "mqtt.version, v4",
        "replicas, 2",
        "port, 80",
        "tunnels[0], smoke",
        "http.port, 80",
        "http.service.type, ExternalName",
        "http.trustedCidrs[0], 10.0.0.0",
        "http.bases[0], no-port",
        "http.dns[0], no-port",
        "http.pods.namespace, A_B"
    })
    void nonsenseIsRefused(String value, String set) {
        assertThatThrownBy(() -> render(Map.of(value, set)))
                .hasMessageContaining(
                        value.substring(value.lastIndexOf('.') + 1).replace("[0]", "/0"));
    }

    @Test
    void valuesThatDoNotFitTogetherAreRefused() {
        assertThatThrownBy(
                        () -> render(Map.of("tunnels[0]", "http", "http.token.required", "true")))
                .hasMessageContaining("http.token.secretName");
        assertThatThrownBy(() -> render(Map.of("tunnels[0]", "http", "http.port", "8081")))
                .hasMessageContaining("http.port and port must differ");
    }

    private static Set<String> rights(String namespace, Map<String, Object> values) {
        return ChartRbac.documents(namespace, values).stream()
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

        private Optional<JsonNode> heartbeats() {
            return objects.stream()
                    .filter(object -> object.path("kind").asString().equals("Service"))
                    .filter(object ->
                            object.at("/metadata/name")
                                    .asString()
                                    .equals("module-controller-heartbeats"))
                    .findFirst();
        }

        private Optional<String> httpSetting(String name) {
            Map<String, Object> environment =
                    variables()
                            .filter(variable -> variable.has("value"))
                            .collect(
                                    Collectors.toMap(
                                            variable -> variable.path("name").asString(),
                                            variable -> variable.path("value").asString()));
            var source =
                    new SystemEnvironmentPropertySource(
                            StandardEnvironment.SYSTEM_ENVIRONMENT_PROPERTY_SOURCE_NAME,
                            environment);
            return Optional.ofNullable(
                    new Binder(ConfigurationPropertySources.from(source))
                            .bind("module-controller.http." + name, String.class)
                            .orElse(null));
        }

        private Optional<String> variable(String name) {
            return variables()
                    .filter(variable -> variable.path("name").asString().equals(name))
                    .map(variable -> variable.path("value").asString())
                    .findFirst();
        }
    }
}
