package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.app.Lane;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.WebPage;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;

/** Whatever arrives over the broker is counted and dropped; nothing stops. */
@ResourceLock(Lane.MQTT)
class BadInputIT {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final MqttStage stage = MqttStage.get();

    @Test
    void badMessagesHarmNothing() throws Exception {
        SampleBase base = stage.base(1);
        double droppedBefore = dropped();
        try (BrokerTap tap = stage.tap()) {
            String mine = "koupleless_test/" + base.identity() + "/base/";
            byte[] garbage = new byte[1024 * 1024];
            Arrays.fill(garbage, (byte) 'x');
            tap.publish(mine + "heart", bytes("{not json"));
            tap.publish(mine + "heart", bytes("{\"data\":{\"baseMetadata\":7}}"));
            tap.publish(mine + "health", bytes("[".repeat(100_000)));
            tap.publish(mine + "simpleBiz", garbage);
            tap.publish(mine + "simpleBiz", bytes("{\"data\":\"none\"}"));
            tap.publish(mine + "bizOperation", bytes(uninstalled("nobody-asked")));
            tap.publish("koupleless_test//base/heart", bytes(heart("")));
            tap.publish("koupleless_test/Upper/base/heart", bytes(heart("Upper")));
            tap.publish("koupleless_test/a/b/base/heart", bytes(heart("a/b")));
            String longest = "x".repeat(300);
            tap.publish("koupleless_test/" + longest + "/base/heart", bytes(heart(longest)));
            tap.publish("koupleless_prod/elsewhere/base/heart", bytes(heart("elsewhere")));
            tap.publish("koupleless_test/skewed/base/heart", bytes(heart("skewed")));

            await().atMost(SOON).until(() -> nodes().contains("vnode.skewed.test"));
            await().atMost(SOON).until(() -> dropped() >= droppedBefore + 5);
            await().atMost(SOON).until(() -> metric("module_controller_bases_refused_total") >= 2);
        }

        assertThat(nodes()).containsExactly("vnode.skewed.test");
        assertThat(Conditions.ready(stage.cluster().get(ApiPath.node(stage.nodeName(base)))))
                .isTrue();
        stage.cluster()
                .apply(
                        ModulePods.bound(
                                "still-works",
                                stage.nodeName(base),
                                "biz2",
                                "1.0.0",
                                stage.moduleUrl("biz2", "1.0.0")));
        stage.cluster().awaitPod("default", "still-works", Conditions::ready);
        stage.cluster().delete(ApiPath.pod("default", "still-works"));
        stage.cluster().awaitGone(ApiPath.pod("default", "still-works"), SOON);
    }

    /** Its clock is an hour behind, which must not matter. */
    private static String heart(String identity) {
        return """
        {"publishTimestamp":%d,"data":{"baseMetadata":{"identity":"%s","name":"skewed",
        "version":"1.0.0","clusterName":"default"},"localIP":"192.0.2.9",
        "localHostName":"bad host name!","port":0,"state":"activated"}}
        """
                .formatted(System.currentTimeMillis() - 3_600_000, identity);
    }

    private static String uninstalled(String module) {
        return """
        {"publishTimestamp":1,"data":{"command":"uninstallBiz","bizName":"%s",
        "bizVersion":"1.0.0","response":{"code":"SUCCESS","data":{"code":"SUCCESS"}}}}
        """
                .formatted(module);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** Of all hearts here: they tell that name. */
    private List<String> nodes() {
        return stage
                .cluster()
                .list(ApiPath.nodes().query("labelSelector", "base.koupleless.io/name=skewed"))
                .stream()
                .map(n -> n.at("/metadata/name").asString(""))
                .toList();
    }

    private double dropped() {
        return metric("module_controller_messages_dropped_total");
    }

    private double metric(String name) {
        String page = WebPage.read(stage.controller().url() + "/actuator/prometheus").orElse("");
        return Stream.of(page.split("\n"))
                .filter(line -> line.startsWith(name))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
