package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import tools.jackson.databind.JsonNode;

/** A Deployment of bases rolls: each new base has its modules before it takes requests. */
@ResourceLock(Lane.MQTT)
class BaseRolloutIT {
    private static final Duration ROLLED = Duration.ofMinutes(4);
    private static final Duration SOON = Duration.ofSeconds(120);
    private static final String ROLLING = "rolling";
    private static final ApiPath BASES = ApiPath.deployment("default", ROLLING);
    private static final ApiPath MODULE = ApiPath.deployment("default", "biz1-on-rolling");

    private final MqttStage stage = MqttStage.get();

    @Test
    void noRequestIsLostWhileBasesRoll() {
        String ip = BaseKubelet.ip();
        stage.cluster().apply(peer());
        stage.cluster().apply(bases());
        try (Visitors visitors = new Visitors(stage.cluster(), ROLLING);
                BaseKubelet kubelet =
                        new BaseKubelet(
                                stage.cluster(),
                                ROLLING,
                                pod -> base(pod, ip),
                                visitors::mayVisit)) {
            await("both bases serve").atMost(ROLLED).until(() -> visitors.endpoints().size() == 2);
            Set<String> before = names(kubelet.pods());
            visitors.begin(pod -> pageOf(kubelet, pod, ip));

            stage.cluster()
                    .patch(
                            BASES,
                            PatchType.MERGE,
                            """
                            {"spec":{"template":{"metadata":{"annotations":{"release":"2"}}}}}
                            """);

            await("the bases have rolled")
                    .atMost(ROLLED)
                    .until(() ->
                            kubelet.pods().size() == 2
                                    && kubelet.pods().stream().allMatch(Conditions::ready)
                                    && names(kubelet.pods()).stream().noneMatch(before::contains));
            for (String gone : before) {
                stage.cluster().awaitGone(ApiPath.node("vnode." + gone + "." + Stage.ENV), SOON);
            }
            await("as many modules as bases").atMost(SOON).until(() -> modulesReady() == 2);
            assertThat(visitors.lost()).isEmpty();
            assertThat(visitors.served()).isGreaterThan(50);
            assertThat(kubelet.tooEarly()).as("open before the module was there").isEmpty();
        } finally {
            stage.cluster().delete(MODULE);
            stage.cluster().delete(BASES);
            BaseKubelet.clear(stage.cluster(), ROLLING);
            stage.cluster().delete(ApiPath.node("machine-of-rolling"));
        }
    }

    private SampleBase base(String pod, String ip) {
        SampleBaseOptions options = stage.optionsOf(pod);
        return SampleBase.start(
                options.metadata(options.metadata().named(ROLLING, "1.0.0"))
                        .with("-Dserver.address=0.0.0.0", "-Dbase.ip=" + ip));
    }

    private static String pageOf(BaseKubelet kubelet, String pod, String ip) {
        int port = kubelet.base(pod).orElseThrow().options().ports().web();
        return "http://" + ip + ":" + port + "/biz1/";
    }

    private int modulesReady() {
        JsonNode deployment = stage.cluster().get(MODULE);
        boolean settled =
                deployment.at("/spec/replicas").asInt() == 2
                        && deployment.at("/status/replicas").asInt() == 2;
        return settled ? deployment.at("/status/readyReplicas").asInt() : 0;
    }

    private static Set<String> names(List<JsonNode> pods) {
        return pods.stream()
                .map(pod -> pod.at("/metadata/name").asString())
                .collect(Collectors.toSet());
    }

    private String peer() {
        return stage.manifest("peer-deployment.yaml")
                .replace("name: peer", "name: biz1-on-rolling")
                .replace("biz2", "biz1")
                .replace("- base\n", "- " + ROLLING + "\n");
    }

    /** Pods that no scheduler looks at: their machine is a name, their kubelet is played. */
    private static String bases() {
        return """
        apiVersion: v1
        kind: Node
        metadata:
          name: machine-of-rolling
        ---
        apiVersion: v1
        kind: Service
        metadata:
          name: rolling
          namespace: default
        spec:
          selector: {app: rolling}
          ports: [{port: 80}]
        ---
        apiVersion: apps/v1
        kind: Deployment
        metadata:
          name: rolling
          namespace: default
        spec:
          replicas: 2
          strategy: {rollingUpdate: {maxSurge: 1, maxUnavailable: 0}}
          selector:
            matchLabels: {app: rolling}
          template:
            metadata:
              labels:
                app: rolling
                base.koupleless.io/name: rolling
            spec:
              nodeName: machine-of-rolling
              readinessGates: [{conditionType: module-controller.koupleless.io/modules-ready}]
              containers: [{name: base, image: base}]
              tolerations: [{operator: Exists}]
        """;
    }
}
