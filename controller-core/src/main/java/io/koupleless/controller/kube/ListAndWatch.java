package io.koupleless.controller.kube;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ListerWatcher;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.CallGeneratorParams;
import io.kubernetes.client.util.Watch;
import io.kubernetes.client.util.Watchable;
import java.lang.reflect.Type;
import java.util.Objects;
import java.util.function.Consumer;

/** Lists in pages and watches with bookmarks; of each object only what we care for is kept. */
final class ListAndWatch<K extends KubernetesObject, T>
        implements ListerWatcher<Watched<T>, WatchedList<T>> {
    private final KubeClients clients;
    private final KubeRequests requests;
    private final Source<K, T> source;
    private final WatchHealth health;
    private final Consumer<WatchedList<T>> onList;

    ListAndWatch(
            KubeClients clients,
            Source<K, T> source,
            WatchHealth health,
            Consumer<WatchedList<T>> onList) {
        this.clients = clients;
        this.requests = new KubeRequests(clients);
        this.source = source;
        this.health = health;
        this.onList = onList;
    }

    /**
     * Always the newest state: a list of "any version", which the client asks for first, may be
     * older than what we saw before a restart and comes in one piece.
     */
    @Override
    public WatchedList<T> list(CallGeneratorParams params) throws ApiException {
        try {
            Pages.All<Watched<T>> all =
                    new Pages(requests).read(source.path(), source.kind(), source::read);
            WatchedList<T> list = new WatchedList<>(all.items(), all.resourceVersion());
            health.heard();
            onList.accept(list);
            return list;
        } catch (UnansweredException e) {
            throw failure(e.reply());
        }
    }

    @Override
    public Watchable<Watched<T>> watch(CallGeneratorParams params) throws ApiException {
        ApiPath path =
                source.path()
                        .with("watch", "true")
                        .with("allowWatchBookmarks", "true")
                        .with("resourceVersion", Objects.toString(params.resourceVersion, ""))
                        .with("timeoutSeconds", Objects.toString(params.timeoutSeconds, ""));
        Type lines = TypeToken.getParameterized(Watch.Response.class, source.kind()).getType();
        Watch<K> watch = clients.watch(path, lines);
        health.heard();
        return new ReducedWatch<>(watch, source, health);
    }

    private static ApiException failure(Reply reply) {
        return reply instanceof Reply.Failed(int code, String message)
                ? new ApiException(code, message)
                : new ApiException(reply.toString());
    }
}
