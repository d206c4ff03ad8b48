package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.work.Ticker;
import java.io.Serial;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;

/**
 * What bounds our traffic to one address, and belongs to nobody else: connections, changes, and the
 * circuit. Changes are bounded below the number of arklet's loops, each of which a change blocks
 * until it ends, so that health still gets through.
 */
final class BaseLine {
    private static final int LOOPS_PER_PROCESSOR = 2;

    private final Circuit circuit;
    private final Bound connections;
    private final Bound changes;
    private final int changesPerBase;
    private final int waitingPerBase;
    private final Ticker ticker;

    BaseLine(HttpSettings.Client settings, Ticker ticker) {
        this.circuit = new Circuit(settings, ticker);
        this.connections = new Bound(settings.connectionsPerBase());
        this.changes = new Bound(settings.changesPerBase());
        this.changesPerBase = settings.changesPerBase();
        this.waitingPerBase = settings.waitingPerBase();
        this.ticker = ticker;
    }

    Circuit circuit() {
        return circuit;
    }

    /** The base says how many processors it has: one of its loops must stay free. */
    void processors(long count) {
        long free = Math.max(1, LOOPS_PER_PROCESSOR * count - 1);
        changes.resize((int) Math.min(free, changesPerBase));
    }

    /** Waits for its turn, first come, first served; the caller's thread is a virtual one. */
    Turn take(boolean change, long deadlineNanos)
            throws TunnelException.Unavailable, InterruptedException {
        if (change) {
            take(changes, deadlineNanos);
        }
        try {
            take(connections, deadlineNanos);
        } catch (TunnelException.Unavailable | InterruptedException e) {
            if (change) {
                changes.release();
            }
            throw e;
        }
        return () -> {
            connections.release();
            if (change) {
                changes.release();
            }
        };
    }

    private void take(Bound bound, long deadlineNanos)
            throws TunnelException.Unavailable, InterruptedException {
        if (bound.getQueueLength() >= waitingPerBase && bound.availablePermits() <= 0) {
            throw new TunnelException.Unavailable("too many commands wait for this base", null);
        }
        if (!bound.tryAcquire(deadlineNanos - ticker.nanos(), TimeUnit.NANOSECONDS)) {
            throw new TunnelException.Unavailable("the base is busy with other commands", null);
        }
    }

    /** Ends when the conversation has ended. */
    @FunctionalInterface
    interface Turn extends AutoCloseable {
        @Override
        void close();
    }

    private static final class Bound extends Semaphore {
        @Serial private static final long serialVersionUID = 1L;

        private int size;

        Bound(int size) {
            super(size, true);
            this.size = size;
        }

        synchronized void resize(int wanted) {
            if (wanted < size) {
                reducePermits(size - wanted);
            } else {
                release(wanted - size);
            }
            size = wanted;
        }
    }
}
