package io.koupleless.controller.kube;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import okhttp3.Response;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.MissingNode;
import tools.jackson.databind.node.ObjectNode;

/** Plain requests with prepared bodies; blocks, and never throws for what the server says. */
final class KubeRequests {
    enum Patch {
        MERGE("application/merge-patch+json"),
        STRATEGIC("application/strategic-merge-patch+json");

        private final String contentType;

        Patch(String contentType) {
            this.contentType = contentType;
        }
    }

    private static final String JSON = "application/json";

    /** Of a written object only the metadata comes back. */
    private static final String METADATA =
            "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";

    private static final String METADATA_LIST =
            "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";
    private static final int LONGEST_MESSAGE = 500;

    private final KubeClients clients;

    KubeRequests(KubeClients clients) {
        this.clients = clients;
    }

    Reply get(ApiPath path) {
        return send("GET", path, Map.of("Accept", JSON), new byte[0]);
    }

    /** A list whose items have nothing but metadata. */
    Reply listMetadata(ApiPath path) {
        return send("GET", path, Map.of("Accept", METADATA_LIST), new byte[0]);
    }

    Reply create(ApiPath collection, ObjectNode body) {
        return existing(write("POST", collection, METADATA, JSON, body));
    }

    /** Answers with the whole object as it was stored. */
    Reply createWhole(ApiPath collection, ObjectNode body) {
        return existing(write("POST", collection, JSON, JSON, body));
    }

    Reply patch(ApiPath object, Patch type, ObjectNode body) {
        return write("PATCH", object, METADATA, type.contentType, body);
    }

    Reply delete(ApiPath object, ObjectNode options) {
        return write("DELETE", object, JSON, JSON, options);
    }

    /** What a create does not find is its namespace. */
    private static Reply existing(Reply reply) {
        return reply instanceof Reply.NotFound
                ? new Reply.Failed(404, "the namespace does not exist")
                : reply;
    }

    private Reply write(
            String method, ApiPath path, String accept, String contentType, ObjectNode body) {
        byte[] bytes = body.toString().getBytes(StandardCharsets.UTF_8);
        return send(method, path, Map.of("Accept", accept, "Content-Type", contentType), bytes);
    }

    private Reply send(String method, ApiPath path, Map<String, String> headers, byte[] body) {
        try (Response response = clients.execute(method, path, headers, body)) {
            String text = response.body().string();
            return response.isSuccessful() ? new Reply.Ok(text) : refusal(response.code(), text);
        } catch (IOException e) {
            boolean timeout =
                    e instanceof SocketTimeoutException || "timeout".equals(e.getMessage());
            return new Reply.Failed(0, timeout ? "no answer in time" : e.toString());
        }
    }

    private static Reply refusal(int code, String text) {
        JsonNode status = parse(text);
        String message = shortened(status.path("message").asString(text));
        return switch (code) {
            case 404 ->
                    namesAnObject(status) ? new Reply.NotFound() : new Reply.Failed(code, message);
            case 409 -> new Reply.Conflict();
            case 400, 403, 422 -> new Reply.Refused(message, fields(status));
            default -> new Reply.Failed(code, "HTTP %d: %s".formatted(code, message));
        };
    }

    /** A server that is starting also says 404 to paths that it does not serve yet. */
    private static boolean namesAnObject(JsonNode status) {
        return !status.at("/details/name").asString("").isEmpty();
    }

    private static Set<String> fields(JsonNode status) {
        return status.at("/details/causes")
                .valueStream()
                .map(cause -> cause.path("field").asString(""))
                .collect(Collectors.toUnmodifiableSet());
    }

    private static JsonNode parse(String text) {
        try {
            return JsonMapper.shared().readTree(text);
        } catch (JacksonException e) {
            return MissingNode.getInstance();
        }
    }

    private static String shortened(String message) {
        return message.substring(0, Math.min(LONGEST_MESSAGE, message.length()));
    }
}
