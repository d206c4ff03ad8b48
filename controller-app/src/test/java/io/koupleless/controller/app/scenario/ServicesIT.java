package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.net.http.HttpClient;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/**
 * A Service in front of module Pods on two real bases, which listen on an address of this machine:
 * Kubernetes takes no loopback address for an endpoint.
 */
@ResourceLock(Lane.HTTP)
class ServicesIT {
    private static final String NAME = "biz1-web";
    private static final Duration UP = Duration.ofSeconds(180);
    private static final Duration SOON = Duration.ofSeconds(120);

    /** A machine that does other things too may be late: that is no answer of the module. */
    private static final String PATIENT =
            """
                          port: base
                        timeoutSeconds: 20
            """;

    private final HttpStage stage = HttpStage.get();
    private final Map<String, SampleBase> bases = new HashMap<>();
    private final Map<String, Integer> ports = new HashMap<>();
    private final HttpClient client = HttpClient.newHttpClient();
    private String ip = "";

    @BeforeEach
    void twoBases() throws SocketException {
        ip = machineAddress().orElse("");
        assumeThat(ip).as("an address of this machine that is no loopback").isNotEmpty();
        List<SampleBase> started = List.of(start("web-1"), start("web-2"));
        for (SampleBase base : started) {
            base.awaitUp(UP);
            introduce(base);
        }
        for (SampleBase base : started) {
            String node = nodeOf(base);
            stage.cluster().awaitNode(node, Conditions::ready);
            bases.put(node, base);
            ports.put(node, base.options().ports().web());
        }
    }

    private static Optional<String> machineAddress() throws SocketException {
        return NetworkInterface.networkInterfaces()
                .flatMap(NetworkInterface::inetAddresses)
                .filter(Inet4Address.class::isInstance)
                .filter(a -> !a.isLoopbackAddress() && !a.isLinkLocalAddress())
                .map(InetAddress::getHostAddress)
                .findFirst();
    }

    private SampleBase start(String identity) {
        SampleBaseOptions options = stage.optionsOf(identity);
        return SampleBase.start(
                options.metadata(options.metadata().named("web", "1.0.0"))
                        .with("-Dserver.address=0.0.0.0"));
    }

    /** The Pod of a base, with the port of its pages. */
    private void introduce(SampleBase base) {
        stage.cluster()
                .create(
                        """
                        apiVersion: v1
                        kind: Pod
                        metadata:
                          name: %s
                          namespace: default
                          labels:
                            base.koupleless.io/name: web
                            base.koupleless.io/version: 1.0.0
                            base.koupleless.io/cluster-name: default
                        spec:
                          schedulerName: nobody
                          containers:
                            - name: base
                              image: base
                              ports:
                                - name: arklet
                                  containerPort: %d
                                - name: pages
                                  containerPort: %d
                        """
                                .formatted(
                                        base.identity(),
                                        base.arkletPort(),
                                        base.options().ports().web()));
        stage.cluster()
                .patch(
                        ApiPath.pod("default", base.identity()).status(),
                        PatchType.MERGE,
                        """
                        {"status": {"phase": "Running", "podIP": "%1$s", "podIPs": [{"ip": "%1$s"}],
                         "conditions": [{"type": "Ready", "status": "True"}]}}
                        """
                                .formatted(ip));
    }

    private String nodeOf(SampleBase base) {
        ApiPath nodes =
                ApiPath.nodes()
                        .query(
                                "labelSelector",
                                "base.koupleless.io/tunnel-port=" + base.arkletPort());
        return stage.cluster()
                .await(nodes, SOON, found -> !found.path("items").isEmpty())
                .at("/items/0/metadata/name")
                .asString();
    }

    @AfterEach
    void theEnd() {
        client.shutdownNow();
        stage.cluster().delete(ApiPath.deployment("default", NAME));
        stage.cluster().delete(ApiPath.service("default", NAME));
        await().atMost(SOON).until(() -> pods().isEmpty());
        bases.values()
                .forEach(base -> {
                    base.close();
                    stage.cluster()
                            .delete(
                                    ApiPath.pod("default", base.identity()),
                                    "{\"gracePeriodSeconds\": 0}");
                });
    }

    @Test
    void aServiceFollowsItsModulesAndNeitherARollingUpdateNorADrainLosesARequest()
            throws Exception {
        stage.cluster()
                .apply(
                        stage.manifest("biz1-service.yaml")
                                .replace(
                                        "                      - base\n",
                                        "                      - web\n")
                                .replace("              port: base\n", PATIENT)
                                .replace("seconds: 2\n", "seconds: 5\n"));
        await().atMost(SOON).until(() -> ready().size() == 2);
        assertThat(ready()).allMatch(endpoint -> endpoint.ip().equals(ip));
        for (Traffic.Endpoint at : ready()) {
            assertThat(Traffic.page(client, at, ports.get(at.node()), "/biz1/"))
                    .isEqualTo("biz1 1.0.0 on " + bases.get(at.node()).identity());
        }

        Traffic.Endpoint first = ready().getFirst();
        Traffic.page(client, first, ports.get(first.node()), "/biz1/ready/503");
        await("the module says that it is not ready")
                .atMost(SOON)
                .until(() -> ready().size() == 1 && !ready().contains(first));
        Traffic.page(client, first, ports.get(first.node()), "/biz1/ready/200");
        await().atMost(SOON).until(() -> ready().size() == 2);

        try (Traffic traffic = new Traffic(stage.cluster(), NAME, ports, "/biz1/")) {
            await().atMost(SOON).until(() -> traffic.answers().size() == 2);
            update();
            await().atMost(SOON).until(() -> rolled());
            awaitMore(traffic);
            drain();
            awaitMore(traffic);
            assertThat(traffic.lost()).as("of %d requests", traffic.sent()).isEmpty();
            assertThat(traffic.sent()).isGreaterThan(100);
            assertThat(traffic.answers())
                    .containsExactlyInAnyOrder(
                            "biz1 1.0.0 on web-1",
                            "biz1 1.0.0 on web-2",
                            "biz1 2.0.0 on web-1",
                            "biz1 2.0.0 on web-2");
        }
    }

    private static void awaitMore(Traffic traffic) {
        int sent = traffic.sent();
        await("a little longer").atMost(SOON).until(() -> traffic.sent() > sent + 30);
    }

    /** What {@code kubectl drain} does with one of the two Nodes, and {@code uncordon} after it. */
    private void drain() {
        JsonNode pod = pods().getFirst();
        ApiPath node = ApiPath.node(pod.at("/spec/nodeName").asString());
        String name = pod.at("/metadata/name").asString();
        stage.cluster().patch(node, PatchType.MERGE, "{\"spec\":{\"unschedulable\":true}}");
        stage.cluster()
                .post(
                        ApiPath.pod("default", name).child("eviction"),
                        """
                        {"apiVersion": "policy/v1", "kind": "Eviction",
                         "metadata": {"name": "%s", "namespace": "default"}}
                        """
                                .formatted(name));
        stage.cluster().awaitGone(ApiPath.pod("default", name), SOON);
        await().atMost(SOON).until(() -> ready().size() == 1);
        stage.cluster().patch(node, PatchType.MERGE, "{\"spec\":{\"unschedulable\":false}}");
        await().atMost(SOON).until(() -> ready().size() == 2);
    }

    private List<Traffic.Endpoint> ready() {
        return Traffic.ready(stage.cluster(), NAME);
    }

    private void update() {
        stage.cluster()
                .patch(
                        ApiPath.deployment("default", NAME),
                        PatchType.STRATEGIC,
                        """
                        {"spec": {"template": {"spec": {"containers": [{"name": "biz1",
                         "image": "%s", "env": [{"name": "BIZ_VERSION", "value": "2.0.0"}]}]}}}}
                        """
                                .formatted(stage.moduleUrl("biz1", "2.0.0")));
    }

    private boolean rolled() {
        return pods().size() == 2
                && pods().stream()
                        .allMatch(p ->
                                Conditions.ready(p)
                                        && p.at("/spec/containers/0/env/0/value")
                                                .asString("")
                                                .equals("2.0.0"));
    }

    private List<JsonNode> pods() {
        return stage.cluster().list(ApiPath.pods("default")).stream()
                .filter(p -> p.at("/metadata/labels/app").asString("").equals(NAME))
                .toList();
    }
}
