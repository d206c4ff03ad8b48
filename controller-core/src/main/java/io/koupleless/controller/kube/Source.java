package io.koupleless.controller.kube;

import io.kubernetes.client.common.KubernetesObject;
import java.util.function.Function;

/**
 * What is listed and watched.
 *
 * @param kind as the client models it
 * @param reader keeps what we care for
 */
record Source<K extends KubernetesObject, T>(
        String name, ApiPath path, Class<K> kind, Function<K, T> reader) {
    Watched<T> read(K object) {
        return Watched.of(object.getMetadata(), reader.apply(object));
    }
}
