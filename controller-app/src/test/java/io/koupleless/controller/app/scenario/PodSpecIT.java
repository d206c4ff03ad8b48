package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** What a Pod's spec says, on a real control plane with real bases. */
@ResourceLock(Lane.MQTT)
class PodSpecIT {
    private static final Duration SOON = Duration.ofSeconds(120);

    private static final Set<String> OURS = Set.of("FieldsIgnored", "NotAModule");

    private final Stage stage = MqttStage.get();

    @Test
    void argsReachTheMainMethodOfTheModule() throws IOException {
        SampleBase base = stage.base(1);
        Path folder = Files.createDirectories(stage.directory().resolve("from-args"));
        Files.writeString(folder.resolve("where.txt"), "as the args say");
        stage.cluster()
                .apply(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: with-args
                          namespace: default
                          labels: {virtual-kubelet.koupleless.io/component: module}
                        spec:
                          nodeName: %s
                          containers:
                            - name: biz1
                              image: %s
                              args: ["--spring.web.resources.static-locations=file:$(FOLDER)/"]
                              env:
                                - {name: BIZ_VERSION, value: 1.0.0}
                                - {name: FOLDER, value: %s}
                          tolerations: [{operator: Exists}]
                        """
                                .formatted(
                                        stage.nodeName(base),
                                        stage.moduleUrl("biz1", "1.0.0"),
                                        folder.toAbsolutePath()));
        stage.cluster().awaitPod("default", "with-args", Conditions::ready);

        assertThat(base.page("/biz1/where.txt")).contains("as the args say");

        deleteAndAwaitGone("with-args");
    }

    @Test
    void whatHasNoEffectIsSaidOnceForAllPodsOfADeployment() {
        stage.cluster()
                .apply(
                        stage.manifest("biz2-deployment.yaml")
                                .replace("name: biz2\n  labels", "name: wishes\n  labels")
                                .replace(
                                        "      affinity:\n",
                                        "      securityContext: {runAsNonRoot: true}\n"
                                                + "      affinity:\n"));
        await().atMost(SOON).until(() -> ready("wishes") == 2);

        await().atMost(SOON).until(() -> eventsOn("ReplicaSet", "wishes-").size() == 1);
        JsonNode event = eventsOn("ReplicaSet", "wishes-").getFirst();
        assertThat(event.at("/reason").asString()).isEqualTo("FieldsIgnored");
        assertThat(event.at("/message").asString()).contains("securityContext");
        assertThat(event.at("/type").asString()).isEqualTo("Warning");

        // The same version again: a new revision takes each module by a reload.
        patchDeployment(
                "wishes",
                """
                {"spec":{"template":{"metadata":{"annotations":{"again":"1"}}}}}
                """);
        await().atMost(SOON).until(() -> ready("wishes") == 2 && replicaSetsOf("wishes", 2) == 1);
        assertThat(stage.base(1).modules()).containsOnlyOnce("biz2:1.0.0");
        assertThat(stage.base(2).modules()).containsOnlyOnce("biz2:1.0.0");

        stage.cluster().delete(ApiPath.deployment("default", "wishes"));
        await().atMost(SOON)
                .until(() ->
                        stage.base(1).modules().isEmpty() && stage.base(2).modules().isEmpty());
    }

    @Test
    void aJobIsRefusedAndFailsAtOnce() {
        stage.cluster()
                .apply(
                        """
                        apiVersion: batch/v1
                        kind: Job
                        metadata: {name: nightly, namespace: default}
                        spec:
                          backoffLimit: 0
                          template:
                            metadata:
                              labels: {virtual-kubelet.koupleless.io/component: module}
                            spec:
                              nodeName: %s
                              restartPolicy: Never
                              tolerations: [{operator: Exists}]
                              containers:
                                - name: biz2
                                  image: %s
                                  env: [{name: BIZ_VERSION, value: 1.0.0}]
                        """
                                .formatted(
                                        stage.nodeName(stage.base(1)),
                                        stage.moduleUrl("biz2", "1.0.0")));

        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(podsOf("Job"))
                                .singleElement()
                                .satisfies(pod -> {
                                    assertThat(pod.at("/status/phase").asString())
                                            .isEqualTo("Failed");
                                    assertThat(pod.at("/status/reason").asString())
                                            .isEqualTo("ModuleController.InvalidRequest");
                                    assertThat(pod.at("/status/message").asString())
                                            .contains("do not complete");
                                }));
        assertThat(stage.base(1).modules()).isEmpty();
        stage.cluster()
                .delete(
                        new ApiPath("/apis/batch/v1/namespaces/default/jobs/nightly"),
                        """
                        {"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Foreground"}
                        """);
        await().atMost(SOON).until(() -> podsOf("Job").isEmpty());
    }

    @Test
    void anInjectedSidecarIsNamedAndTheModuleBesideItRuns() {
        SampleBase base = stage.base(1);
        stage.cluster()
                .apply(
                        ModulePods.bound(
                                        "meshed",
                                        stage.nodeName(base),
                                        "biz2",
                                        "1.0.0",
                                        stage.moduleUrl("biz2", "1.0.0"))
                                .replace(
                                        "  tolerations:\n",
                                        "    - {name: istio-proxy, image: \"istio/proxyv2:1.27\"}\n"
                                                + "  tolerations:\n"));

        JsonNode pod =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "meshed",
                                p -> running(p, "biz2") && !reason(p, "istio-proxy").isEmpty());

        assertThat(reason(pod, "istio-proxy")).isEqualTo("ModuleController.InvalidParameter");
        assertThat(status(pod, "istio-proxy").at("/state/waiting/message").asString())
                .contains("istio-proxy", "BIZ_VERSION", "exclude");
        assertThat(Conditions.notReady(pod)).isTrue();
        assertThat(base.modules()).containsExactly("biz2:1.0.0");
        deleteAndAwaitGone("meshed");
        assertThat(base.modules()).isEmpty();
    }

    @Test
    void aPodIsOverWhenItsActiveDeadlineHasPassed() {
        SampleBase base = stage.base(2);
        stage.cluster()
                .apply(
                        ModulePods.bound(
                                        "brief",
                                        stage.nodeName(base),
                                        "biz2",
                                        "1.0.0",
                                        stage.moduleUrl("biz2", "1.0.0"))
                                .replace("spec:\n", "spec:\n  activeDeadlineSeconds: 4\n"));

        JsonNode pod =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "brief",
                                p -> p.at("/status/phase").asString("").equals("Failed"));

        assertThat(pod.at("/status/reason").asString()).isEqualTo("DeadlineExceeded");
        await().atMost(SOON).until(() -> base.modules().isEmpty());
        deleteAndAwaitGone("brief");
    }

    @Test
    void aModuleThatDoesNotStartUnderNeverIsFailedAndNeverTriedAgain() throws Exception {
        SampleBase base = stage.base(2);
        try (CommandTap tap = stage.tap()) {
            stage.cluster()
                    .apply(
                            ModulePods.bound(
                                            "once",
                                            stage.nodeName(base),
                                            "failing",
                                            "1.0.0",
                                            stage.moduleUrl("failing", "1.0.0"))
                                    .replace("spec:\n", "spec:\n  restartPolicy: Never\n"));

            JsonNode pod =
                    stage.cluster()
                            .awaitPod(
                                    "default",
                                    "once",
                                    p -> p.at("/status/phase").asString().equals("Failed"));

            assertThat(pod.at("/status/reason").asString()).isEqualTo("User.InstallBizUserError");
            assertThat(pod.at("/status/message").asString()).contains("database url is missing");
            apply("beside", stage.nodeName(base), "1.0.0");
            stage.cluster().awaitPod("default", "beside", Conditions::ready);
            deleteAndAwaitGone("once");
            assertThat(tap.count(base, "installBiz", "failing")).isEqualTo(1);
        }
        deleteAndAwaitGone("beside");
    }

    @Test
    void podsOfADaemonSetThatToleratesEverythingSayThatTheyAreNoModulesAndAreNotReplaced() {
        stage.cluster()
                .apply(
                        """
                        apiVersion: apps/v1
                        kind: DaemonSet
                        metadata: {name: proxy, namespace: default}
                        spec:
                          selector: {matchLabels: {app: proxy}}
                          template:
                            metadata: {labels: {app: proxy}}
                            spec:
                              tolerations: [{operator: Exists}]
                              containers: [{name: proxy, image: "registry.k8s.io/kube-proxy:v1.34.0"}]
                        """);
        await().atMost(SOON)
                .until(() ->
                        proxies().size() == 2 && proxies().stream().allMatch(PodSpecIT::explained));
        List<String> pods = proxies().stream().map(Conditions::uid).toList();
        await().atMost(SOON)
                .untilAsserted(() ->
                        assertThat(eventsOn("DaemonSet", "proxy"))
                                .extracting(event -> event.at("/reason").asString())
                                .containsExactly("NotAModule"));
        assertThat(proxies()).extracting(Conditions::uid).containsExactlyInAnyOrderElementsOf(pods);

        stage.cluster().delete(new ApiPath("/apis/apps/v1/namespaces/default/daemonsets/proxy"));
        await().atMost(SOON).until(() -> proxies().isEmpty());
    }

    /** On the two bases that stay: the Node of another scenario's base may be on its way out. */
    private List<JsonNode> proxies() {
        List<String> nodes = Stream.of(stage.base(1), stage.base(2)).map(stage::nodeName).toList();
        return podsOf("DaemonSet").stream()
                .filter(pod -> nodes.contains(pod.at("/spec/nodeName").asString("")))
                .toList();
    }

    private static boolean explained(JsonNode pod) {
        return pod.at("/status/phase").asString("").equals("Pending")
                && Conditions.waitingReason(pod).equals("NotAModule")
                && Conditions.condition(pod, "Ready")
                        .filter(c -> c.at("/reason").asString("").equals("NotAModule"))
                        .isPresent();
    }

    @Test
    void ofTwoReplicasOnOneBaseTheNewerWaitsAndStealsNothing() throws Exception {
        SampleBase base = stage.base(1);
        String node = stage.nodeName(base);
        String url = stage.moduleUrl("biz2", "1.0.0");
        stage.cluster().apply(ModulePods.bound("first", node, "biz2", "1.0.0", url));
        stage.cluster().awaitPod("default", "first", Conditions::ready);
        try (CommandTap tap = stage.tap()) {
            stage.cluster().apply(ModulePods.bound("second", node, "biz2", "1.0.0", url));
            stage.cluster()
                    .awaitPod(
                            "default",
                            "second",
                            p ->
                                    Conditions.waitingReason(p)
                                            .equals("ModuleController.UnderOperation"));

            stage.cluster().delete(ApiPath.pod("default", "second"));
            stage.cluster().awaitGone(ApiPath.pod("default", "second"), SOON);

            assertThat(tap.count(base, "installBiz", "biz2")).isZero();
            assertThat(tap.count(base, "uninstallBiz", "biz2")).isZero();
            assertThat(Conditions.ready(stage.cluster().get(ApiPath.pod("default", "first"))))
                    .isTrue();
        }
        deleteAndAwaitGone("first");
        assertThat(base.modules()).isEmpty();
    }

    @Test
    void aSecondVersionOfAWebModuleSaysThatItsContextPathIsTakenAndComesWhenTheFirstIsGone() {
        SampleBase base = stage.base(2);
        String node = stage.nodeName(base);
        String url = stage.moduleUrl("biz1", "1.0.0");
        String next = stage.moduleUrl("biz1", "2.0.0");
        stage.cluster().apply(ModulePods.bound("web-1", node, "biz1", "1.0.0", url));
        stage.cluster().awaitPod("default", "web-1", Conditions::ready);
        stage.cluster().apply(ModulePods.bound("web-2", node, "biz1", "2.0.0", next));

        JsonNode waiting =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "web-2",
                                p ->
                                        Conditions.waitingReason(p)
                                                .equals("Arklet.InstallationRequirementNotMet"));
        assertThat(Conditions.waitingMessage(waiting))
                .contains("Child name [biz1] is not unique", "context path", "Recreate");
        assertThat(base.page("/biz1/").orElseThrow()).contains("biz1 1.0.0");

        deleteAndAwaitGone("web-1");
        stage.cluster().awaitPod("default", "web-2", Conditions::ready);
        assertThat(base.page("/biz1/").orElseThrow()).contains("biz1 2.0.0");
        deleteAndAwaitGone("web-2");
    }

    @Test
    void whereTheBaseActivatesNewVersionsBothPodsTellTheTruth() {
        SampleBase base = stage.anotherBase("base-switch", "-Dactivate.new.module=true");
        try {
            String node = stage.nodeName(base);
            apply("old", node, "1.0.0");
            stage.cluster().awaitPod("default", "old", Conditions::ready);
            apply("new", node, "2.0.0");
            stage.cluster().awaitPod("default", "new", Conditions::ready);

            JsonNode old =
                    stage.cluster()
                            .awaitPod(
                                    "default",
                                    "old",
                                    p ->
                                            Conditions.waitingReason(p)
                                                    .equals(
                                                            "Arklet.UnInstallationRequirementNotMet"));
            assertThat(Conditions.notReady(old)).isTrue();
            assertThat(Conditions.waitingMessage(old)).contains("another version");

            deleteAndAwaitGone("old");
            assertThat(Conditions.ready(stage.cluster().get(ApiPath.pod("default", "new"))))
                    .isTrue();
            assertThat(base.modules()).containsExactly("biz2:2.0.0");
            deleteAndAwaitGone("new");
        } finally {
            stage.dismiss(base);
        }
    }

    @Test
    void aJarThatCallsItselfOtherwiseShowsBothNamesAndLeavesNothingBehind() {
        SampleBase base = stage.base(1);
        String jar =
                FixedJar.withVersion(stage.moduleUrl("biz2", "1.0.0"), "1.0.7", stage.directory());
        stage.cluster()
                .apply(ModulePods.bound("misnamed", stage.nodeName(base), "biz2", "1.0.0", jar));

        JsonNode pod =
                stage.cluster()
                        .awaitPod(
                                "default",
                                "misnamed",
                                p ->
                                        Conditions.is(
                                                p,
                                                "module-controller.koupleless.io/ManifestMatches",
                                                "False"));

        assertThat(
                        Conditions.condition(pod, "module-controller.koupleless.io/ManifestMatches")
                                .orElseThrow()
                                .at("/message")
                                .asString())
                .contains("biz2:1.0.7", "biz2:1.0.0");
        assertThat(base.modules()).containsExactly("biz2:1.0.7");
        await().atMost(SOON)
                .until(() ->
                        events("ModuleController.InvalidParameter").stream()
                                .anyMatch(
                                        e -> e.at("/message").asString("").contains("biz2:1.0.7")));
        deleteAndAwaitGone("misnamed");
        assertThat(base.modules()).isEmpty();
    }

    private void apply(String pod, String node, String version) {
        stage.cluster()
                .apply(
                        ModulePods.bound(
                                pod, node, "biz2", version, stage.moduleUrl("biz2", version)));
    }

    private void deleteAndAwaitGone(String pod) {
        stage.cluster().delete(ApiPath.pod("default", pod));
        stage.cluster().awaitGone(ApiPath.pod("default", pod), SOON);
    }

    private void patchDeployment(String name, String json) {
        stage.cluster().patch(ApiPath.deployment("default", name), PatchType.STRATEGIC, json);
    }

    private int ready(String deployment) {
        JsonNode status =
                stage.cluster().get(ApiPath.deployment("default", deployment)).at("/status");
        boolean settled = status.at("/replicas").asInt(0) == status.at("/updatedReplicas").asInt(0);
        return settled ? status.at("/readyReplicas").asInt(0) : 0;
    }

    /** How many of the Deployment's ReplicaSets have so many Pods ready. */
    private long replicaSetsOf(String deployment, int ready) {
        return stage.cluster().list(ApiPath.replicaSets("default")).stream()
                .filter(set ->
                        owners(set).anyMatch(o -> o.at("/name").asString("").equals(deployment)))
                .filter(set ->
                        set.at("/metadata/annotations").toString().contains("revision\":\"2\""))
                .filter(set -> set.at("/status/readyReplicas").asInt(0) == ready)
                .count();
    }

    private List<JsonNode> podsOf(String kind) {
        return stage.cluster().list(ApiPath.pods("default")).stream()
                .filter(pod -> owners(pod).anyMatch(o -> o.at("/kind").asString("").equals(kind)))
                .toList();
    }

    private static Stream<JsonNode> owners(JsonNode object) {
        return object.at("/metadata/ownerReferences").valueStream();
    }

    private List<JsonNode> events(String reason) {
        return stage.cluster().list(ApiPath.events("default")).stream()
                .filter(event -> event.at("/reason").asString("").equals(reason))
                .toList();
    }

    /** Of ours, not of those of the object's own controller. */
    private List<JsonNode> eventsOn(String kind, String name) {
        return stage.cluster().list(ApiPath.events("default")).stream()
                .filter(event -> event.at("/involvedObject/kind").asString("").equals(kind))
                .filter(event -> event.at("/involvedObject/name").asString("").startsWith(name))
                .filter(event -> OURS.contains(event.at("/reason").asString("")))
                .toList();
    }

    private static JsonNode status(JsonNode pod, String container) {
        return pod.at("/status/containerStatuses")
                .valueStream()
                .filter(status -> status.at("/name").asString("").equals(container))
                .findFirst()
                .orElse(pod.at("/nowhere"));
    }

    private static boolean running(JsonNode pod, String container) {
        return status(pod, container).has("state")
                && status(pod, container).at("/state").has("running");
    }

    private static String reason(JsonNode pod, String container) {
        return status(pod, container).at("/state/waiting/reason").asString("");
    }
}
