package io.koupleless.controller.kube;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.openapi.models.V1ListMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Lists read page by page, each item reduced at once, so that a page is all that is ever held. */
final class Pages {
    private static final String SIZE = "500";

    /** Everything that was listed, and the version that it is the state of. */
    record All<T>(List<T> items, String resourceVersion) {}

    /** One page on the wire. */
    private record Page<K>(@Nullable V1ListMeta metadata, @Nullable List<K> items) {}

    private final KubeRequests requests;

    Pages(KubeRequests requests) {
        this.requests = requests;
    }

    /** The newest state. */
    <K, T> All<T> read(ApiPath path, Class<K> kind, Function<K, T> reader)
            throws UnansweredException {
        return from(path, path, kind, reader);
    }

    /** A state that the API server has at hand, moments old at most. */
    <K, T> All<T> readCached(ApiPath path, Class<K> kind, Function<K, T> reader)
            throws UnansweredException {
        return from(path.with("resourceVersion", "0"), path, kind, reader);
    }

    private <K, T> All<T> from(ApiPath first, ApiPath path, Class<K> kind, Function<K, T> reader)
            throws UnansweredException {
        TypeToken<Page<K>> type = pageOf(kind);
        List<T> items = new ArrayList<>();
        ApiPath next = first.with("limit", SIZE);
        while (true) {
            Page<K> page = ok(requests.get(next)).as(type);
            if (page.items() != null) {
                page.items().forEach(item -> items.add(reader.apply(item)));
            }
            V1ListMeta metadata = page.metadata() == null ? new V1ListMeta() : page.metadata();
            String more = metadata.getContinue();
            if (more == null || more.isEmpty()) {
                String version = metadata.getResourceVersion();
                return new All<>(items, version == null ? "" : version);
            }
            next = path.with("limit", SIZE).with("continue", more);
        }
    }

    @SuppressWarnings("unchecked") // a parameterised type made at run time
    private static <K> TypeToken<Page<K>> pageOf(Class<K> kind) {
        return (TypeToken<Page<K>>) TypeToken.getParameterized(Page.class, kind);
    }

    static Reply.Ok ok(Reply reply) throws UnansweredException {
        if (reply instanceof Reply.Ok ok) {
            return ok;
        }
        throw new UnansweredException(reply);
    }
}
