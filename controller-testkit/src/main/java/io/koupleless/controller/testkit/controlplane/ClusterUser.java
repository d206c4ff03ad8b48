package io.koupleless.controller.testkit.controlplane;

import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionTimeoutException;
import tools.jackson.databind.JsonNode;

/** Does with a cluster what a user does with kubectl; objects are plain JSON. */
public final class ClusterUser {
    private static final String JSON = "application/json";
    private static final Duration POLL = Duration.ofMillis(100);

    /** Far more than anything takes, on a machine that is slow and does other things too. */
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    private final ClusterHttp http;
    private final ApiResources resources;

    public ClusterUser(ApiClient client) {
        this.http = new ClusterHttp(client);
        this.resources = new ApiResources(http);
    }

    /** {@code kubectl apply --server-side --force-conflicts -f file}. */
    public List<JsonNode> apply(Path file) {
        try {
            return apply(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Applies every YAML or JSON document of the text. */
    public List<JsonNode> apply(String documents) {
        return Documents.parse(documents).stream().map(this::applyOne).toList();
    }

    private JsonNode applyOne(JsonNode object) {
        ApiPath path =
                resources
                        .collectionOf(object)
                        .child(object.at("/metadata/name").asString())
                        .query("fieldManager", "cluster-user")
                        .query("force", "true");
        return patch(path, PatchType.APPLY, object.toString());
    }

    /** Creates every YAML or JSON document of the text. */
    public List<JsonNode> create(String documents) {
        return Documents.parse(documents).stream()
                .map(object -> post(resources.collectionOf(object), object.toString()))
                .toList();
    }

    /** POST to a collection or a subresource. */
    public JsonNode post(ApiPath path, String json) {
        return http.send("POST", path, JSON, json);
    }

    public JsonNode createNamespace(String name) {
        return create(
                        """
                        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "%s"}}
                        """
                                .formatted(name))
                .getFirst();
    }

    public JsonNode get(ApiPath path) {
        return http.get(path);
    }

    /** What is not JSON: {@code /metrics}, {@code /readyz}. */
    public String getText(ApiPath path) {
        return http.getText(path);
    }

    /** Empty if there is no such object. */
    public Optional<JsonNode> find(ApiPath path) {
        try {
            return Optional.of(get(path));
        } catch (ClusterException e) {
            if (e.isNotFound()) {
                return Optional.empty();
            }
            throw e;
        }
    }

    /** The members of a collection. */
    public List<JsonNode> list(ApiPath collection) {
        return get(collection).path("items").valueStream().toList();
    }

    public JsonNode patch(ApiPath path, PatchType type, String json) {
        return http.send("PATCH", path, type.contentType(), json);
    }

    public JsonNode delete(ApiPath path) {
        return http.send("DELETE", path, JSON, null);
    }

    /** With grace period, preconditions, propagation policy. */
    public JsonNode delete(ApiPath path, String deleteOptions) {
        return http.send("DELETE", path, JSON, deleteOptions);
    }

    /** A token of a service account, valid for an hour. */
    public String token(String namespace, String serviceAccount) {
        String request =
                """
                {"apiVersion": "authentication.k8s.io/v1", "kind": "TokenRequest",
                 "spec": {"expirationSeconds": 3600}}
                """;
        return token(namespace, serviceAccount, request);
    }

    private String token(String namespace, String serviceAccount, String request) {
        ApiPath path = ApiPath.serviceAccount(namespace, serviceAccount).child("token");
        return post(path, request).at("/status/token").asString();
    }

    public JsonNode awaitPod(String namespace, String name, Predicate<JsonNode> condition) {
        return await(ApiPath.pod(namespace, name), PATIENCE, condition);
    }

    public JsonNode awaitNode(String name, Predicate<JsonNode> condition) {
        return await(ApiPath.node(name), PATIENCE, condition);
    }

    /**
     * Reads until the object, or the list, is there and as wanted; an API server that is away or
     * overloaded is waited for.
     */
    public JsonNode await(ApiPath path, Duration limit, Predicate<JsonNode> condition) {
        AtomicReference<String> last = new AtomicReference<>("it is not there");
        try {
            return Awaitility.await(path.value())
                    .atMost(limit)
                    .pollDelay(Duration.ZERO)
                    .pollInterval(POLL)
                    .ignoreExceptionsMatching(ClusterUser::passes)
                    .until(
                            () -> {
                                Optional<JsonNode> found = find(path);
                                found.ifPresent(object -> last.set(object.toString()));
                                return found.filter(condition);
                            },
                            Optional::isPresent)
                    .orElseThrow();
        } catch (ConditionTimeoutException e) {
            throw new AssertionError(
                    "%s not as wanted after %d s: %s"
                            .formatted(path.value(), limit.toSeconds(), last.get()),
                    e);
        }
    }

    private static boolean passes(Throwable e) {
        return e instanceof UncheckedIOException
                || (e instanceof ClusterException refused && refused.isTransient());
    }

    public void awaitGone(ApiPath path, Duration limit) {
        Awaitility.await(path.value() + " is gone")
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(POLL)
                .ignoreExceptionsMatching(ClusterUser::passes)
                .until(() -> find(path).isEmpty());
    }
}
