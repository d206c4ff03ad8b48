package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.Conditions;
import io.koupleless.controller.testkit.process.Progress;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/** A user who puts a module on the bases and looks at every stage of it. */
final class Rollout {
    private static final Duration LIMIT = Duration.ofSeconds(60);
    private static final String MANIFEST = "biz1-deployment.yaml";
    private static final String PAGE = "/biz1/";
    private static final String TUNNEL = "vnode.koupleless.io/tunnel";
    private static final ApiPath PODS = ApiPath.pods("default").query("labelSelector", "app=biz1");

    private final ClusterUser user;
    private final Cast cast;

    Rollout(ClusterUser user, Cast cast) {
        this.user = user;
        this.cast = cast;
    }

    /** Until every base is a Ready Node. */
    List<String> awaitNodes(List<SampleBase> bases, Progress progress) {
        await(progress, () -> each(bases, this::nodeState), state -> !state.contains("not "));
        return bases.stream().map(this::nodeState).toList();
    }

    /** Until every Pod of the module is Ready, each on a Node of its own. */
    List<String> deploy(Samples samples, Progress progress) {
        user.apply(samples.modules().fillIn(samples.manifest(MANIFEST)));
        int replicas =
                user.get(ApiPath.deployment("default", "biz1")).at("/spec/replicas").asInt(1);
        await(
                progress,
                () -> each(user.list(PODS), PodState::describe),
                _ -> allReadyAndApart(user.list(PODS), replicas));
        return user.list(PODS).stream()
                .map(pod ->
                        "%s is Ready on %s"
                                .formatted(
                                        pod.at("/metadata/name").asString(),
                                        pod.at("/spec/nodeName").asString()))
                .toList();
    }

    /** Until the module's page answers on every base. */
    List<String> readPages(List<SampleBase> bases, Progress progress) {
        await(progress, () -> each(bases, Rollout::pageState), state -> !state.contains("no page"));
        return bases.stream().map(Rollout::pageState).toList();
    }

    private static boolean allReadyAndApart(List<JsonNode> pods, int replicas) {
        List<String> nodes =
                pods.stream()
                        .filter(Conditions.ready())
                        .map(pod -> pod.at("/spec/nodeName").asString())
                        .distinct()
                        .toList();
        return pods.size() == replicas && nodes.size() == replicas;
    }

    private String nodeState(SampleBase base) {
        return nodeOf(base)
                .map(node -> described(base, node))
                .orElse(base.identity() + " not there");
    }

    /** Its name depends on what the base calls itself, but not this. */
    private Optional<JsonNode> nodeOf(SampleBase base) {
        String host = "base.koupleless.io/host-name=" + base.identity();
        return user.list(ApiPath.nodes().query("labelSelector", host)).stream().findFirst();
    }

    private static String described(SampleBase base, JsonNode node) {
        return "%s is %s as %s over %s"
                .formatted(
                        base.identity(),
                        Conditions.ready().test(node) ? "Ready" : "not Ready",
                        node.at("/metadata/name").asString(),
                        tunnel(node.at("/metadata/labels").path(TUNNEL).asString("")));
    }

    private static String tunnel(String provider) {
        return switch (provider) {
            case "mqtt_tunnel_provider" -> "MQTT";
            case "http_tunnel_provider" -> "HTTP";
            default -> provider;
        };
    }

    private static String pageState(SampleBase base) {
        String url = base.webUrl() + PAGE;
        return base.page(PAGE)
                .map(page -> "%s says \"%s\"".formatted(url, page.strip()))
                .orElse("no page at " + url);
    }

    private static <T> String each(List<T> all, Function<T, String> state) {
        return all.isEmpty()
                ? "nothing there yet"
                : all.stream().map(state).collect(Collectors.joining(", "));
    }

    /** Fails at once if a process ends, and after the limit with the last state seen. */
    private void await(Progress progress, Supplier<String> look, Predicate<String> isWanted) {
        String[] last = {"nothing seen"};
        try {
            Awaitility.await()
                    .atMost(LIMIT)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> {
                        cast.requireAlive();
                        last[0] = look.get();
                        progress.say(last[0]);
                        return isWanted.test(last[0]);
                    });
        } catch (ConditionTimeoutException e) {
            throw new IllegalStateException(
                    "after %d s still: %s".formatted(LIMIT.toSeconds(), last[0]), e);
        }
    }
}
