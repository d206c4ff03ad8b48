package io.koupleless.controller.testkit.controlplane;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.JsonNode;

/** Finds out from the server itself where objects of a kind live. */
final class ApiResources {
    private final ClusterHttp http;
    private final Map<String, JsonNode> groups = new ConcurrentHashMap<>();

    ApiResources(ClusterHttp http) {
        this.http = http;
    }

    /** The collection that this object belongs to. */
    ApiPath collectionOf(JsonNode object) {
        String apiVersion = object.path("apiVersion").asString();
        String kind = object.path("kind").asString();
        String root = (apiVersion.contains("/") ? "/apis/" : "/api/") + apiVersion;
        JsonNode resource = resource(root, kind);
        if (!resource.path("namespaced").asBoolean()) {
            return new ApiPath(root).child(resource.path("name").asString());
        }
        return new ApiPath(root)
                .child("namespaces")
                .child(object.at("/metadata/namespace").asString("default"))
                .child(resource.path("name").asString());
    }

    private JsonNode resource(String root, String kind) {
        JsonNode group = groups.computeIfAbsent(root, key -> http.get(new ApiPath(key)));
        for (JsonNode resource : group.path("resources")) {
            boolean subresource = resource.path("name").asString().contains("/");
            if (!subresource && resource.path("kind").asString().equals(kind)) {
                return resource;
            }
        }
        throw new IllegalArgumentException(
                "the cluster knows no kind %s in %s".formatted(kind, root));
    }
}
