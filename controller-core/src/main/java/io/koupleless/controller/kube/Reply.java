package io.koupleless.controller.kube;

import com.google.gson.reflect.TypeToken;
import io.koupleless.controller.vnode.Outcome;
import io.kubernetes.client.openapi.JSON;
import java.util.Set;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The API server's answer to one request; the type says what can be done next. */
sealed interface Reply {

    record Ok(String body) implements Reply {
        JsonNode json() {
            return JsonMapper.shared().readTree(body);
        }

        <T> T as(Class<T> type) {
            return JSON.deserialize(body, type);
        }

        <T> T as(TypeToken<T> type) {
            return JSON.deserialize(body, type.getType());
        }

        String resourceVersion() {
            return json().at("/metadata/resourceVersion").asString("");
        }
    }

    /** This very object does not exist; a path that is not served is a failure. */
    record NotFound() implements Reply {}

    record Conflict() implements Reply {}

    /**
     * The same request would be refused again.
     *
     * @param fields that the server names as the cause
     */
    record Refused(String message, Set<String> fields) implements Reply {}

    /**
     * Nobody knows whether it went through, or it may the next time.
     *
     * @param code HTTP status, 0 without an answer
     */
    record Failed(int code, String message) implements Reply {}

    /** What this means for whoever asked for an effect. */
    default Outcome outcome(Function<Ok, Outcome> success) {
        return switch (this) {
            case Ok ok -> success.apply(ok);
            case NotFound() -> new Outcome.Missing();
            case Conflict() -> new Outcome.Conflict();
            case Refused(String message, _) -> new Outcome.Refused(message);
            case Failed(_, String message) -> new Outcome.Failed(message);
        };
    }

    default Outcome written() {
        return outcome(ok -> new Outcome.Written(ok.resourceVersion()));
    }

    default Outcome done() {
        return outcome(_ -> new Outcome.Done());
    }
}
