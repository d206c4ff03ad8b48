package io.koupleless.controller.testkit.controlplane;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Plain requests with the official client's connection and credentials, bodies as they are. */
final class ClusterHttp {
    private static final JsonMapper MAPPER = JsonMapper.shared();

    private final ApiClient client;

    ClusterHttp(ApiClient client) {
        this.client = client;
    }

    JsonNode get(ApiPath path) {
        return MAPPER.readTree(text("GET", path, "application/json", null));
    }

    String getText(ApiPath path) {
        return text("GET", path, "application/json", null);
    }

    JsonNode send(String method, ApiPath path, String contentType, @Nullable String body) {
        return MAPPER.readTree(text(method, path, contentType, body));
    }

    boolean answersOk(String path) throws IOException {
        try (Response response = call("GET", new ApiPath(path), "application/json", null)) {
            return response.isSuccessful();
        }
    }

    private String text(String method, ApiPath path, String contentType, @Nullable String body) {
        try (Response response = call(method, path, contentType, body)) {
            String answer = response.body().string();
            if (!response.isSuccessful()) {
                throw new ClusterException(
                        method + " " + path.value(), response.code(), message(answer));
            }
            return answer;
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "%s %s: %s".formatted(method, path.value(), e.getMessage()), e);
        }
    }

    private Response call(String method, ApiPath path, String contentType, @Nullable String body)
            throws IOException {
        Map<String, String> headers = new HashMap<>();
        headers.put("Accept", "application/json, text/plain");
        headers.put("Content-Type", contentType);
        byte @Nullable [] bytes = body == null ? null : body.getBytes(StandardCharsets.UTF_8);
        try {
            return client.buildCall(
                            client.getBasePath(),
                            path.value(),
                            method,
                            List.of(),
                            List.of(),
                            bytes,
                            headers,
                            Map.of(),
                            Map.of(),
                            new String[] {"BearerToken"},
                            null)
                    .execute();
        } catch (ApiException e) {
            throw new IllegalStateException("the client cannot build this request", e);
        }
    }

    /** A Status object's message, or the first words of whatever it is. */
    private static String message(String answer) {
        try {
            return MAPPER.readTree(answer).path("message").asString(answer);
        } catch (JacksonException e) {
            return answer.substring(0, Math.min(200, answer.length()));
        }
    }
}
