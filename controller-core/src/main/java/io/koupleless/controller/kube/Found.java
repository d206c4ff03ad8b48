package io.koupleless.controller.kube;

import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An object among others of its kind, only some of which matter.
 *
 * @param value empty for one that does not, or no longer does
 */
record Found<T>(String namespace, String name, Optional<T> value) {
    static <T> Found<T> of(@Nullable V1ObjectMeta metadata, Optional<T> value) {
        V1ObjectMeta known = Objects.requireNonNullElseGet(metadata, V1ObjectMeta::new);
        return new Found<>(
                PodReader.text(known.getNamespace()), PodReader.text(known.getName()), value);
    }

    String key() {
        return namespace + "/" + name;
    }
}
