package io.koupleless.controller.work;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.function.Consumer;

/**
 * A queue with one reader at a time: what is posted while the reader works is read next, all at
 * once.
 *
 * @param <T> what is posted
 */
public final class Mailbox<T> {
    private final Executor workers;
    private final int bound;
    private final Consumer<List<T>> reader;
    private final Deque<T> waiting = new ArrayDeque<>();
    private boolean running;

    /**
     * @param workers runs the reader; one task at a time for this mailbox
     * @param bound how much {@link #offer} lets wait
     * @param reader must not throw
     */
    public Mailbox(Executor workers, int bound, Consumer<List<T>> reader) {
        this.workers = workers;
        this.bound = bound;
        this.reader = reader;
    }

    /** For what nobody else can repeat; bounded by the work that it answers to. */
    public void post(T item) {
        add(item, Integer.MAX_VALUE);
    }

    /** For what will come again by itself; false when too much waits and it was dropped. */
    public boolean offer(T item) {
        return add(item, bound);
    }

    private boolean add(T item, int limit) {
        boolean start;
        synchronized (waiting) {
            if (waiting.size() >= limit) {
                return false;
            }
            waiting.addLast(item);
            start = !running;
            running = true;
        }
        if (start) {
            workers.execute(this::read);
        }
        return true;
    }

    private void read() {
        for (List<T> batch = next(); !batch.isEmpty(); batch = next()) {
            reader.accept(batch);
        }
    }

    private List<T> next() {
        synchronized (waiting) {
            List<T> batch = new ArrayList<>(waiting);
            waiting.clear();
            running = !batch.isEmpty();
            return batch;
        }
    }

    /** How much waits now. */
    public int depth() {
        synchronized (waiting) {
            return waiting.size();
        }
    }
}
