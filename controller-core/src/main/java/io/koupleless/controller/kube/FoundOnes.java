package io.koupleless.controller.kube;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;

/** Tells of the objects that matter: one that no longer does is gone as well as a deleted one. */
final class FoundOnes<T> implements Feed.Sink<Found<T>> {
    private final Consumer<T> seen;
    private final Consumer<T> unseen;
    private final Runnable synced;
    private final Map<String, T> known = new HashMap<>();

    FoundOnes(Consumer<T> seen, Consumer<T> unseen, Runnable synced) {
        this.seen = seen;
        this.unseen = unseen;
        this.synced = synced;
    }

    @Override
    public void seen(Found<T> found) {
        if (found.value().isPresent()) {
            known.put(found.key(), found.value().get());
            seen.accept(found.value().get());
        } else {
            unseen(found);
        }
    }

    @Override
    public void unseen(Found<T> last) {
        T gone = known.remove(last.key());
        if (gone != null) {
            unseen.accept(gone);
        }
    }

    @Override
    public void synced() {
        synced.run();
    }
}
