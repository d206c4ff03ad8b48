package io.koupleless.controller.kube;

import io.koupleless.controller.work.Ticker;
import io.kubernetes.client.common.KubernetesObject;
import io.kubernetes.client.informer.ResourceEventHandler;
import io.kubernetes.client.informer.cache.Cache;
import io.kubernetes.client.informer.impl.DefaultSharedIndexInformer;
import java.time.Duration;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One informer: tells a sink, one thing after the other, what appears, changes and vanishes. */
final class Feed<T> implements AutoCloseable {

    /** Where it all goes; called by one thread. */
    interface Sink<T> {
        void seen(T object);

        /**
         * Gone, or no longer selected.
         *
         * @param last state known
         */
        void unseen(T last);

        /** All that the first list held has been seen. */
        void synced();
    }

    private static final Logger LOG = LoggerFactory.getLogger(Feed.class);

    private final Sink<T> sink;
    private final WatchHealth health;
    private final DefaultSharedIndexInformer<Watched<T>, WatchedList<T>> informer;

    /** Of the first list, what the sink has not been told yet; null before that list. */
    private @Nullable Set<String> awaited;

    private boolean synced;

    <K extends KubernetesObject> Feed(
            KubeClients clients, Source<K, T> source, Ticker ticker, Sink<T> sink) {
        this.sink = sink;
        this.health = new WatchHealth(source.name(), ticker);
        this.informer =
                new DefaultSharedIndexInformer<>(
                        Feed.<T>watchedClass(),
                        new ListAndWatch<>(clients, source, health, this::listed),
                        0,
                        new Cache<>(),
                        (_, cause) -> health.broke(cause));
        informer.addEventHandler(new Handler());
    }

    @SuppressWarnings("unchecked") // a class literal knows no parameters
    private static <T> Class<Watched<T>> watchedClass() {
        return (Class<Watched<T>>) (Class<?>) Watched.class;
    }

    void start() {
        informer.run();
    }

    boolean fresh(Duration limit) {
        return health.fresh(limit);
    }

    @Override
    public void close() {
        health.close();
        informer.stop();
    }

    private synchronized void listed(WatchedList<T> list) {
        if (awaited == null) {
            awaited = list.items().stream().map(Feed::key).collect(Collectors.toSet());
            syncedIfAllSeen();
        }
    }

    private synchronized void arrived(Watched<T> object) {
        if (!synced && awaited != null) {
            awaited.remove(key(object));
            syncedIfAllSeen();
        }
    }

    private void syncedIfAllSeen() {
        if (!synced && awaited != null && awaited.isEmpty()) {
            synced = true;
            tell(sink::synced);
        }
    }

    /** One bad listener call must not end the watch. */
    private static void tell(Runnable news) {
        try {
            news.run();
        } catch (RuntimeException e) {
            LOG.atError().setCause(e).log("A listener failed");
        }
    }

    private static String key(Watched<?> object) {
        return object.metadata().getNamespace() + "/" + object.metadata().getName();
    }

    private final class Handler implements ResourceEventHandler<Watched<T>> {
        @Override
        public void onAdd(Watched<T> object) {
            tell(() -> sink.seen(object.value()));
            arrived(object);
        }

        @Override
        public void onUpdate(Watched<T> before, Watched<T> now) {
            if (before.sameVersionAs(now)) {
                return;
            }
            if (!before.sameObjectAs(now)) {
                tell(() -> sink.unseen(before.value()));
            }
            tell(() -> sink.seen(now.value()));
        }

        @Override
        public void onDelete(@Nullable Watched<T> last, boolean unknownState) {
            if (last != null) {
                tell(() -> sink.unseen(last.value()));
            }
        }
    }
}
