package io.koupleless.controller.kube;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.openapi.models.V1ObjectMeta;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a cache holds of an object: its name, and the part that we care for instead of the whole.
 */
record Watched<T>(V1ObjectMeta metadata, T value) implements KubernetesObject {

    static <T> Watched<T> of(@Nullable V1ObjectMeta metadata, T value) {
        V1ObjectMeta whole = Objects.requireNonNullElseGet(metadata, V1ObjectMeta::new);
        V1ObjectMeta kept =
                new V1ObjectMeta()
                        .namespace(whole.getNamespace())
                        .name(whole.getName())
                        .uid(whole.getUid())
                        .resourceVersion(whole.getResourceVersion());
        return new Watched<>(kept, value);
    }

    boolean sameObjectAs(Watched<T> other) {
        return Objects.equals(metadata.getUid(), other.metadata.getUid());
    }

    boolean sameVersionAs(Watched<T> other) {
        return Objects.equals(metadata.getResourceVersion(), other.metadata.getResourceVersion());
    }

    @Override
    public V1ObjectMeta getMetadata() {
        return metadata;
    }

    @Override
    public String getApiVersion() {
        return "";
    }

    @Override
    public String getKind() {
        return "";
    }

    /** The client looks for this setter and complains of a class without it. */
    public void setKind(String kind) {}

    /** As {@link #setKind}. */
    public void setApiVersion(String version) {}
}
