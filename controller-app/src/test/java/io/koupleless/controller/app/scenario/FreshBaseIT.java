package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.app.scenario.WireStage.Way;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.koupleless.controller.testkit.tunnel.Arrival;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.InstallBehaviour.CannotBePulled;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A base whose process has just started gets its modules together, if it can take that. */
@ResourceLock(Lane.WIRE)
class FreshBaseIT {
    private static final String URGENT =
            """
            apiVersion: scheduling.k8s.io/v1
            kind: PriorityClass
            metadata:
              name: urgent
            value: 1000
            """;

    private static final Duration SOON = Duration.ofSeconds(120);
    private static final WireStage stage = WireStage.get();

    @BeforeAll
    static void setPriorities() {
        stage.cluster().apply(URGENT);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aRestartedBaseGetsItsModulesInOneBatchByPriorityThenAge(Way way) {
        FakeBase base = stage.begin(way, name(way, "ordered"));
        String pods = name(way, "");
        create(base, pods + "e", "urgent", jar("e"));
        create(base, pods + "c", "", jar("c"));
        awaitNextSecond();
        create(base, pods + "b", "urgent", jar("b"));
        create(base, pods + "a", "", jar("a"));
        awaitNextSecond();
        create(base, pods + "d", "", jar("d"));
        awaitReady(0, pods + "a", pods + "b", pods + "c", pods + "d", pods + "e");
        int before = base.arrivals().size();

        stage.restart(way, base);

        awaitReady(1, pods + "a", pods + "b", pods + "c", pods + "d", pods + "e");
        assertThat(since(before, base, way.batch()))
                .as(() -> "of all that came: " + base.arrivals().stream().skip(before).toList())
                .singleElement()
                .satisfies(batch ->
                        assertThat(modules(batch))
                                .containsExactly(
                                        pods + "e",
                                        pods + "b",
                                        pods + "c",
                                        pods + "a",
                                        pods + "d"));
        await("nothing follows")
                .during(Duration.ofSeconds(2))
                .until(() ->
                        since(before, base, "installBiz").isEmpty()
                                && since(before, base, way.batch()).size() == 1);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void aJarThatIsGoneKeepsOnlyItsOwnPodFromBeingReady(Way way) {
        FakeBase base = stage.begin(way, name(way, "incomplete"));
        String pods = name(way, "good-");
        String bad = name(way, "bad");
        create(base, bad, "", jar("gone"));
        List.of("1", "2", "3").forEach(n -> create(base, pods + n, "", jar(n)));
        awaitReady(0, bad, pods + "1", pods + "2", pods + "3");
        base.install(
                jar("gone"),
                new CannotBePulled("java.io.FileNotFoundException: /gone.jar (No such file)"));
        int before = base.arrivals().size();

        stage.restart(way, base);

        awaitReady(1, pods + "1", pods + "2", pods + "3");
        JsonNode failed =
                stage.cluster()
                        .awaitPod(
                                "default",
                                bad,
                                p -> Conditions.waitingReason(p).equals("Arklet.PullBizError"));
        assertThat(Conditions.waitingMessage(failed)).contains("FileNotFoundException");
        assertThat(since(before, base, way.batch()))
                .as(() -> "of all that came: " + base.arrivals().stream().skip(before).toList())
                .singleElement()
                .satisfies(batch -> assertThat(modules(batch)).hasSize(4));
        assertThat(since(before, base, "installBiz"))
                .filteredOn(install -> !install.payload().contains(jar("gone")))
                .hasSize(3);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void modulesOfOneJarAreNotInOneBatch(Way way) {
        FakeBase base = stage.begin(way, name(way, "twins"));
        String pods = name(way, "twin-");
        create(base, pods + "1", "", jar("shared"));
        create(base, pods + "2", "", jar("shared"));
        create(base, pods + "3", "", jar("own"));
        awaitReady(0, pods + "1", pods + "2", pods + "3");
        int before = base.arrivals().size();

        stage.restart(way, base);

        awaitReady(1, pods + "1", pods + "2", pods + "3");
        assertThat(since(before, base, way.batch()))
                .as(() -> "of all that came: " + base.arrivals().stream().skip(before).toList())
                .singleElement()
                .satisfies(batch ->
                        assertThat(modules(batch)).containsExactly(pods + "1", pods + "3"));
        assertThat(since(before, base, "installBiz"))
                .singleElement()
                .satisfies(install -> assertThat(install.payload()).contains(pods + "2"));
    }

    @Test
    void aRestartedBaseThatAsksAndNeedsNothingIsToldSo() {
        FakeBase base = stage.begin(Way.MQTT, "idle");
        int before = base.arrivals().size();

        stage.restart(Way.MQTT, base);

        await().atMost(SOON).until(() -> !since(before, base, "base/baseline").isEmpty());
        assertThat(since(before, base, "base/baseline"))
                .containsExactly(new Arrival("base/baseline", "[]"));
        assertThat(since(before, base, "installBiz")).isEmpty();
    }

    @Test
    void anOlderRuntimeGetsItsModulesSingly() {
        FakeBase base = stage.older();
        create(base, "older-1", "", jar("1"));
        create(base, "older-2", "", jar("2"));
        create(base, "older-3", "", jar("3"));
        awaitReady(0, "older-1", "older-2", "older-3");
        int before = base.arrivals().size();

        base.restart();

        awaitReady(1, "older-1", "older-2", "older-3");
        assertThat(since(before, base, "help")).hasSize(1);
        assertThat(since(before, base, "batchInstallBiz")).isEmpty();
        assertThat(since(before, base, "installBiz")).hasSize(3);
    }

    @Test
    void aFreshBaseHasTheModuleOfADaemonSetBeforeItsPodExists() {
        daemonSetWithoutPods("early", "vnode.witness.test", "vnode.expecting.test");
        // Its install shows that the controller knows the DaemonSet.
        FakeBase witness = stage.begin(Way.HTTP, "witness");
        awaitInstalled(witness, "early");

        FakeBase base = stage.begin(Way.MQTT, "expecting");

        await().atMost(SOON).until(() -> !since(0, base, "base/baseline").isEmpty());
        assertThat(since(0, base, "base/baseline"))
                .singleElement()
                .satisfies(batch -> assertThat(modules(batch)).containsExactly("early"));
        assertThat(stage.cluster().list(ApiPath.pods("early"))).isEmpty();

        stage.cluster().delete(quota("early"));
        annotate("early");
        await("each Pod takes what is there for it")
                .atMost(SOON)
                .until(() -> {
                    List<JsonNode> pods = stage.cluster().list(ApiPath.pods("early"));
                    return pods.size() == 2 && pods.stream().allMatch(Conditions::ready);
                });
        assertThat(since(0, base, "installBiz")).isEmpty();
        assertThat(since(0, base, "uninstallBiz")).isEmpty();
    }

    @Test
    void whatNoWorkloadWantsAnyMoreIsRemovedThoughItsPodNeverCame() {
        daemonSetWithoutPods("forsaken", "vnode.disappointed.test");
        FakeBase base = stage.begin(Way.HTTP, "disappointed");
        awaitInstalled(base, "forsaken");

        stage.cluster().delete(ApiPath.daemonSet("forsaken", "forsaken"));

        await().atMost(SOON).until(() -> base.modules().isEmpty());
        assertThat(since(0, base, "uninstallBiz")).hasSize(1);
    }

    private static void awaitInstalled(FakeBase base, String module) {
        await("installed")
                .atMost(SOON)
                .until(() -> base.modules().stream().anyMatch(m -> m.ref().name().equals(module)));
    }

    /** A DaemonSet of one module for these Nodes, in a namespace that takes no Pod. */
    private static void daemonSetWithoutPods(String name, String... nodes) {
        stage.cluster().createNamespace(name);
        stage.cluster()
                .apply(
                        """
                        apiVersion: v1
                        kind: ResourceQuota
                        metadata: {name: none, namespace: %1$s}
                        spec: {hard: {pods: "0"}}
                        ---
                        apiVersion: apps/v1
                        kind: DaemonSet
                        metadata: {name: %1$s, namespace: %1$s}
                        spec:
                          selector: {matchLabels: {app: %1$s}}
                          template:
                            metadata:
                              labels:
                                app: %1$s
                                virtual-kubelet.koupleless.io/component: module
                            spec:
                              affinity:
                                nodeAffinity:
                                  requiredDuringSchedulingIgnoredDuringExecution:
                                    nodeSelectorTerms: [%2$s]
                              containers:
                                - name: %1$s
                                  image: file:///modules/%1$s.jar
                                  env: [{name: BIZ_VERSION, value: "1.0.0"}]
                              tolerations:
                                - {key: schedule.koupleless.io/virtual-node, operator: Exists}
                                - key: schedule.koupleless.io/node-env
                                  value: %3$s
                        """
                                .formatted(
                                        name,
                                        Stream.of(nodes)
                                                .map(FreshBaseIT::named)
                                                .collect(Collectors.joining(",")),
                                        Premises.ENV));
    }

    private static String named(String node) {
        return "{matchFields: [{key: metadata.name, operator: In, values: [" + node + "]}]}";
    }

    private static ApiPath quota(String namespace) {
        return ApiPath.namespaces().child(namespace).child("resourcequotas").child("none");
    }

    /** Its controller, which waits after each refusal, looks at it again at once. */
    private static void annotate(String name) {
        stage.cluster()
                .patch(
                        ApiPath.daemonSet(name, name),
                        PatchType.MERGE,
                        "{\"metadata\":{\"annotations\":{\"look\":\"again\"}}}");
    }

    private static String name(Way way, String rest) {
        return way.name().toLowerCase(Locale.ROOT) + "-" + rest;
    }

    private static String jar(String name) {
        return "file:///modules/" + name + ".jar";
    }

    /** A Pod of one module that is called as the Pod is. */
    private static void create(FakeBase base, String name, String priorityClass, String jar) {
        stage.cluster()
                .create(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: %s
                          namespace: default
                          labels:
                            module-controller.koupleless.io/component: module
                        spec:
                          nodeName: %s
                          priorityClassName: "%s"
                          containers:
                            - name: %s
                              image: %s
                              env:
                                - name: BIZ_VERSION
                                  value: "1.0.0"
                          tolerations:
                            - operator: Exists
                        """
                                .formatted(name, stage.nodeName(base), priorityClass, name, jar));
    }

    private static void awaitReady(int restarts, String... pods) {
        for (String pod : pods) {
            stage.cluster()
                    .awaitPod(
                            "default",
                            pod,
                            p -> Conditions.ready(p) && Conditions.restarts(p) >= restarts);
        }
    }

    @Test
    void aBaseThatAsksBeforeItIsKnownIsToldThatItNeedsNothing() {
        FakeBase base = stage.begin(Way.MQTT, "unknown");

        await().atMost(SOON).until(() -> base.commands().contains("base/baseline"));
    }

    /** A Pod's age is known to the second. */
    private static void awaitNextSecond() {
        long second = Instant.now().getEpochSecond();
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .until(() -> Instant.now().getEpochSecond() > second);
    }

    private static List<Arrival> since(int before, FakeBase base, String command) {
        return base.arrivals().stream()
                .skip(before)
                .filter(arrival -> arrival.command().equals(command))
                .toList();
    }

    private static List<String> modules(Arrival batch) {
        JsonNode said = JsonMapper.shared().readTree(batch.payload());
        Stream<JsonNode> items =
                said.isArray() ? said.valueStream() : said.path("bizList").valueStream();
        return items.map(item -> item.path("bizName").asString()).toList();
    }
}
