package io.koupleless.controller.app.scenario;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.PatchType;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A Deployment rolls to the next version of a module that has no web pages, and back. */
abstract class RolloutStory {
    private static final Duration SOON = Duration.ofSeconds(120);

    private final Stage stage;

    RolloutStory(Stage stage) {
        this.stage = stage;
    }

    @Test
    void withoutSideBySideTheNextVersionWaitsUntilTheOldOneGoesAndUndoWorks() {
        stage.cluster().apply(stage.manifest("biz2-deployment.yaml"));
        awaitAllReady("1.0.0");

        // maxUnavailable 0: the old one may not go before the new one is ready, and the reverse.
        update("2.0.0");
        await().atMost(SOON)
                .until(() ->
                        pods("2.0.0").stream()
                                .anyMatch(p ->
                                        Conditions.waitingMessage(p).contains("another version")));
        assertThat(pods("1.0.0")).hasSize(2).allMatch(Conditions::ready);

        patch("{\"spec\":{\"strategy\":{\"rollingUpdate\":{\"maxUnavailable\":1}}}}");
        awaitAllReady("2.0.0");

        update("1.0.0");
        awaitAllReady("1.0.0");

        stage.cluster().delete(ApiPath.deployment("default", "biz2"));
        await().atMost(SOON).until(() -> pods("1.0.0").isEmpty() && pods("2.0.0").isEmpty());
    }

    /** What {@code kubectl rollout undo} does too: the template of another revision. */
    private void update(String version) {
        patch(
                """
                {"spec":{"template":{"spec":{"containers":[{"name":"biz2","image":"%s",
                "env":[{"name":"BIZ_VERSION","value":"%s"}]}]}}}}
                """
                        .formatted(stage.moduleUrl("biz2", version), version));
    }

    private void patch(String json) {
        stage.cluster().patch(ApiPath.deployment("default", "biz2"), PatchType.STRATEGIC, json);
    }

    private void awaitAllReady(String version) {
        await().atMost(SOON)
                .until(() ->
                        all().size() == 2
                                && pods(version).size() == 2
                                && pods(version).stream().allMatch(Conditions::ready));
    }

    private List<JsonNode> pods(String version) {
        return all().stream()
                .filter(p -> p.at("/spec/containers/0/env/0/value").asString("").equals(version))
                .toList();
    }

    private List<JsonNode> all() {
        return stage.cluster().list(ApiPath.pods("default")).stream()
                .filter(p -> p.at("/metadata/labels/app").asString("").equals("biz2"))
                .toList();
    }
}
