package io.koupleless.controller.kube;

import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import java.io.IOException;
import java.util.Iterator;

/** A watch that keeps of each object what we care for, and notes that it heard a line. */
final class ReducedWatch<K extends KubernetesObject, T> implements Watchable<Watched<T>> {
    private final Watch<K> watch;
    private final Source<K, T> source;
    private final WatchHealth health;

    ReducedWatch(Watch<K> watch, Source<K, T> source, WatchHealth health) {
        this.watch = watch;
        this.source = source;
        this.health = health;
    }

    @Override
    public boolean hasNext() {
        return watch.hasNext();
    }

    @Override
    public Watch.Response<Watched<T>> next() {
        Watch.Response<K> line = watch.next();
        health.heard();
        return line.object == null
                ? new Watch.Response<>(line.type, line.status)
                : new Watch.Response<>(line.type, source.read(line.object));
    }

    @Override
    public Iterator<Watch.Response<Watched<T>>> iterator() {
        return this;
    }

    @Override
    public void close() throws IOException {
        watch.close();
    }
}
