package io.koupleless.controller.testkit.process;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** What still has to be closed when this JVM ends, in one shutdown hook. */
public final class CloseAtExit {
    private static final int LIMIT_SECONDS = 9;
    private static final Set<AutoCloseable> FIRST = new LinkedHashSet<>();
    private static final Set<AutoCloseable> PENDING = new LinkedHashSet<>();

    static {
        Runtime.getRuntime().addShutdownHook(new Thread(CloseAtExit::closeAll, "close-at-exit"));
    }

    private CloseAtExit() {}

    public static void add(AutoCloseable closeable) {
        synchronized (PENDING) {
            PENDING.add(closeable);
        }
    }

    /** Closed before all others, because it owns and orders some of them. */
    public static void addFirst(AutoCloseable closeable) {
        synchronized (PENDING) {
            FIRST.add(closeable);
        }
    }

    public static void remove(AutoCloseable closeable) {
        synchronized (PENDING) {
            FIRST.remove(closeable);
            PENDING.remove(closeable);
        }
    }

    private static void closeAll() {
        closeTogether(copyOf(FIRST));
        closeTogether(copyOf(PENDING));
    }

    private static List<AutoCloseable> copyOf(Set<AutoCloseable> some) {
        synchronized (PENDING) {
            return List.copyOf(some);
        }
    }

    /** Each on a thread of its own; one that fails does not keep the others open. */
    static void closeTogether(List<? extends @Nullable AutoCloseable> all) {
        CountDownLatch open = new CountDownLatch(all.size());
        for (AutoCloseable one : all) {
            Thread.ofPlatform()
                    .daemon()
                    .name("close-together")
                    .start(() -> {
                        try {
                            closeQuietly(one);
                        } finally {
                            open.countDown();
                        }
                    });
        }
        try {
            if (!open.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                return; // whoever is left is ended by OrphanGuard
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(@Nullable AutoCloseable one) {
        try {
            if (one != null) {
                one.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (Exception e) {
            System.getLogger(CloseAtExit.class.getName())
                    .log(System.Logger.Level.DEBUG, "not closed", e);
        }
    }
}
