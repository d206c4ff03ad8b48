package io.koupleless.controller.kube;

import io.kubernetes.client.common.KubernetesListObject;
import io.kubernetes.client.openapi.models.V1ListMeta;
import java.util.List;

/** A list of what a cache holds, and the version that it is the state of. */
record WatchedList<T>(List<Watched<T>> items, String resourceVersion)
        implements KubernetesListObject {

    @Override
    public V1ListMeta getMetadata() {
        return new V1ListMeta().resourceVersion(resourceVersion);
    }

    @Override
    public List<Watched<T>> getItems() {
        return items;
    }

    @Override
    public String getApiVersion() {
        return "";
    }

    @Override
    public String getKind() {
        return "";
    }
}
