package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.app.scenario.WireStage.Way;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterException;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.CannotBePulled;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.Starts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/**
 * The workloads of Kubernetes with modules, as the manifests of the samples have them: the real
 * controllers and scheduler do what they do for containers. Bases are played at the wire.
 */
@ResourceLock(Lane.WIRE)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class WorkloadsIT {
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String MODULES = "file:///modules";
    private static final ApiPath BUDGET = in("policy/v1", "poddisruptionbudgets", "biz1-set");

    private final WireStage stage = WireStage.get();
    private final ClusterUser cluster = stage.cluster();
    private final List<FakeBase> bases = new ArrayList<>();

    /** As many as the manifests of the samples want, and by the name that they want. */
    @BeforeAll
    void beginBases() {
        for (int i = 1; i <= 6; i++) {
            FakeBase base = FakeBase.of("workloads-" + i).named("base", "default");
            base.install(
                    url("biz2", "broken"), new CannotBePulled("java.io.FileNotFoundException: /x"));
            base.install(url("biz2", "2.0.0"), new Starts(Duration.ofMillis(300)));
            bases.add(stage.begin(Way.MQTT, base));
        }
    }

    private static ApiPath in(String group, String plural, String name) {
        return new ApiPath("/apis/%s/namespaces/default/%s/%s".formatted(group, plural, name));
    }

    private static String url(String module, String version) {
        return "%s/%s-%s-ark-biz.jar".formatted(MODULES, module, version);
    }

    /** As it is, but for the environment and the place of the jars. */
    private static String manifest(String file) {
        try {
            return Files.readString(Samples.find().manifest(file))
                    .replace("${MODULES}", MODULES)
                    .replace("value: dev", "value: " + Premises.ENV);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aBarePod() {
        apply("module-pod.yaml");

        JsonNode pod = cluster.awaitPod("default", "biz1-pod", Conditions::ready);

        assertThat(pod.at("/spec/nodeName").asString()).startsWith("vnode.workloads-");
        delete(ApiPath.pod("default", "biz1-pod"));
        assertThat(modulesNamed("biz1")).as(this::arrivals).isEmpty();
    }

    @Test
    void twoModulesInOnePodAreReadyTogether() {
        apply("two-modules-pod.yaml");

        JsonNode pod = cluster.awaitPod("default", "biz1-and-biz2", Conditions::ready);

        assertThat(pod.at("/status/containerStatuses"))
                .hasSize(2)
                .allMatch(container -> container.path("ready").asBoolean());
        delete(ApiPath.pod("default", "biz1-and-biz2"));
        assertThat(modulesNamed("biz1")).as(this::arrivals).isEmpty();
        assertThat(modulesNamed("biz2")).isEmpty();
    }

    @Test
    void aReplicaSetKeepsItsCountAndABudgetHoldsADrainBack() {
        apply("module-replicaset.yaml");
        apply("module-pdb.yaml");
        List<JsonNode> pods = awaitReady("app=biz1-set", 2);
        assertThat(pods).extracting(WorkloadsIT::nodeOf).doesNotHaveDuplicates();
        String drained = nodeOf(pods.getFirst());
        awaitBudget(1);

        // What kubectl drain does: cordon, then evict one Pod after the other.
        bases.forEach(base -> cordon(stage.nodeName(base), true));
        evict(nameOf(pods.getFirst()));
        assertThatThrownBy(() -> evict(nameOf(pods.getLast())))
                .as("it stays until the first is Ready elsewhere")
                .isInstanceOf(ClusterException.class)
                .hasMessageContaining("disruption budget");
        bases.stream()
                .map(stage::nodeName)
                .filter(node -> !node.equals(drained))
                .forEach(node -> cordon(node, false));
        List<JsonNode> after = awaitReady("app=biz1-set", 2);

        assertThat(after).extracting(WorkloadsIT::nodeOf).doesNotContain(drained);
        assertThat(base(drained).modules()).isEmpty();
        awaitBudget(1);
        evict(nameOf(after.getFirst()));
        awaitReady("app=biz1-set", 2);
        cordon(drained, false);
        cluster.delete(BUDGET);
        delete(ApiPath.replicaSets("default").child("biz1-set"));
        awaitNone("app=biz1-set");
    }

    @Test
    void aStatefulSetGoesOneByOne() {
        apply("module-statefulset.yaml");

        List<JsonNode> pods = awaitReady("app=biz1-stateful", 2);

        JsonNode first = byName(pods, "biz1-stateful-0");
        JsonNode second = byName(pods, "biz1-stateful-1");
        assertThat(time(second.at("/metadata/creationTimestamp")))
                .isAfterOrEqualTo(
                        time(first.at("/status/containerStatuses/0/state/running/startedAt")));

        ApiPath set = in("apps/v1", "statefulsets", "biz1-stateful");
        cluster.patch(set, PatchType.MERGE, "{\"spec\":{\"replicas\":1}}");
        cluster.awaitGone(ApiPath.pod("default", "biz1-stateful-1"), SOON);
        assertThat(awaitReady("app=biz1-stateful", 1))
                .extracting(WorkloadsIT::nameOf)
                .containsExactly("biz1-stateful-0");
        delete(set);
        awaitNone("app=biz1-stateful");
    }

    @Test
    void aDeploymentRollsPausesAndIsUndone() {
        ApiPath deployment = ApiPath.deployment("default", "biz2-rolling");
        apply("rolling-deployment.yaml");
        awaitReady("module=biz2", 4);
        awaitRollout(deployment);

        // maxSurge 30 % of 4 is 2 more, maxUnavailable 30 % is 1 less.
        Watcher watcher = new Watcher();
        update(deployment, "2.0.0");
        await().atMost(SOON).until(() -> watcher.rolledTo("2.0.0"));
        assertThat(watcher.leastReady).isGreaterThanOrEqualTo(3);
        assertThat(watcher.most).isLessThanOrEqualTo(6);
        awaitRollout(deployment);

        patch(deployment, "{\"spec\":{\"paused\":true}}");
        update(deployment, "3.0.0");
        cluster.await(deployment, SOON, WorkloadsIT::observed);
        assertThat(versions()).as("nothing moves while it is paused").containsOnly("2.0.0");
        patch(deployment, "{\"spec\":{\"paused\":false}}");
        awaitAll("3.0.0");
        awaitRollout(deployment);

        // kubectl rollout undo: the template of the revision before.
        update(deployment, "2.0.0");
        awaitAll("2.0.0");

        // A version that cannot be had: the rollout stops, says so in time, and what runs runs on.
        patch(deployment, "{\"spec\":{\"progressDeadlineSeconds\":4}}");
        update(deployment, "broken");
        cluster.await(
                deployment,
                SOON,
                object ->
                        Conditions.condition(object, "Progressing")
                                .filter(c ->
                                        c.at("/reason")
                                                .asString("")
                                                .equals("ProgressDeadlineExceeded"))
                                .isPresent());
        assertThat(ready("module=biz2")).hasSizeGreaterThanOrEqualTo(3);
        update(deployment, "2.0.0");
        awaitAll("2.0.0");
        delete(deployment);
        awaitNone("module=biz2");
        assertThat(modulesNamed("biz2")).isEmpty();
    }

    @Test
    void anAutoscalerByAMetricOfTheModulesIsTaken() {
        apply("module-hpa.yaml");

        delete(in("autoscaling/v2", "horizontalpodautoscalers", "biz1"));
    }

    /** What was ever seen of a rollout. */
    private final class Watcher {
        private int leastReady = Integer.MAX_VALUE;
        private int most;

        private boolean rolledTo(String version) {
            List<JsonNode> pods = pods("module=biz2");
            leastReady =
                    Math.min(leastReady, (int) pods.stream().filter(Conditions::ready).count());
            most = Math.max(most, (int) pods.stream().filter(p -> !terminating(p)).count());
            return pods.size() == 4
                    && pods.stream().allMatch(Conditions::ready)
                    && pods.stream().map(WorkloadsIT::versionOf).allMatch(version::equals);
        }
    }

    private void apply(String file) {
        cluster.apply(manifest(file));
    }

    private void update(ApiPath deployment, String version) {
        cluster.patch(
                deployment,
                PatchType.STRATEGIC,
                """
                {"spec":{"template":{"metadata":{"labels":{"module.koupleless.io/version":"%1$s"}},
                 "spec":{"containers":[{"name":"biz2","image":"%2$s",
                 "env":[{"name":"BIZ_VERSION","value":"%1$s"}]}],
                 "affinity":{"podAntiAffinity":{"requiredDuringSchedulingIgnoredDuringExecution":[
                 {"labelSelector":{"matchLabels":{"module.koupleless.io/name":"biz2",
                 "module.koupleless.io/version":"%1$s"}},"topologyKey":"kubernetes.io/hostname"}]}}}}}}
                """
                        .formatted(version, url("biz2", version)));
    }

    private void patch(ApiPath object, String json) {
        cluster.patch(object, PatchType.MERGE, json);
    }

    private void cordon(String node, boolean on) {
        patch(ApiPath.node(node), "{\"spec\":{\"unschedulable\":%s}}".formatted(on));
    }

    private void evict(String pod) {
        cluster.post(
                ApiPath.pod("default", pod).child("eviction"),
                """
                {"apiVersion": "policy/v1", "kind": "Eviction",
                 "metadata": {"name": "%s", "namespace": "default"}}
                """
                        .formatted(pod));
    }

    private void awaitBudget(int allowed) {
        cluster.await(
                BUDGET,
                SOON,
                budget -> budget.at("/status/disruptionsAllowed").asInt(-1) == allowed);
    }

    private void awaitRollout(ApiPath deployment) {
        cluster.await(
                deployment,
                SOON,
                object ->
                        observed(object)
                                && object.at("/status/availableReplicas").asInt() == 4
                                && object.at("/status/updatedReplicas").asInt() == 4);
    }

    /** Its controller has seen the last change. */
    private static boolean observed(JsonNode object) {
        return object.at("/status/observedGeneration").asInt()
                == object.at("/metadata/generation").asInt();
    }

    private void awaitAll(String version) {
        Watcher watcher = new Watcher();
        await().atMost(SOON).until(() -> watcher.rolledTo(version));
    }

    private List<String> versions() {
        return pods("module=biz2").stream().map(WorkloadsIT::versionOf).toList();
    }

    private List<JsonNode> awaitReady(String selector, int count) {
        await().atMost(SOON)
                .until(() -> pods(selector).size() == count && ready(selector).size() == count);
        return ready(selector);
    }

    private void awaitNone(String selector) {
        await().atMost(SOON).until(() -> pods(selector).isEmpty());
    }

    private List<JsonNode> ready(String selector) {
        return pods(selector).stream().filter(Conditions::ready).toList();
    }

    private List<JsonNode> pods(String selector) {
        return cluster.list(ApiPath.pods("default").query("labelSelector", selector));
    }

    private void delete(ApiPath object) {
        cluster.delete(object, "{\"propagationPolicy\":\"Foreground\"}");
        cluster.awaitGone(object, SOON);
    }

    /** On any of the bases. */
    private List<String> modulesNamed(String name) {
        return bases.stream()
                .flatMap(base -> base.modules().stream())
                .map(module -> module.ref().name())
                .filter(name::equals)
                .toList();
    }

    private String arrivals() {
        return bases.stream()
                .map(base -> base.id() + ": " + base.arrivals())
                .collect(Collectors.joining("\n"));
    }

    private FakeBase base(String node) {
        return bases.stream()
                .filter(base -> stage.nodeName(base).equals(node))
                .findFirst()
                .orElseThrow();
    }

    private static JsonNode byName(List<JsonNode> pods, String name) {
        return pods.stream().filter(pod -> nameOf(pod).equals(name)).findFirst().orElseThrow();
    }

    private static String nameOf(JsonNode object) {
        return object.at("/metadata/name").asString("");
    }

    private static String nodeOf(JsonNode pod) {
        return pod.at("/spec/nodeName").asString("");
    }

    private static String versionOf(JsonNode pod) {
        return pod.at("/spec/containers/0/env/0/value").asString("");
    }

    private static boolean terminating(JsonNode pod) {
        return pod.at("/metadata").has("deletionTimestamp");
    }

    private static Instant time(JsonNode stamp) {
        return Instant.parse(stamp.asString());
    }
}
