package io.koupleless.controller.kube;

import io.koupleless.controller.work.Ticker;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Knows when a watch last heard anything; says once that it broke, and once that it is back. */
final class WatchHealth {
    private static final Logger LOG = LoggerFactory.getLogger(WatchHealth.class);

    private final String what;
    private final Ticker ticker;
    private boolean started;
    private boolean broken;
    private boolean closed;
    private long heardAt;

    WatchHealth(String what, Ticker ticker) {
        this.what = what;
        this.ticker = ticker;
    }

    synchronized void heard() {
        heardAt = ticker.nanos();
        started = true;
        if (broken) {
            broken = false;
            LOG.atInfo().addKeyValue("watch", what).log("Watching again");
        }
    }

    synchronized void broke(Throwable cause) {
        if (!broken && !closed) {
            broken = true;
            LOG.atWarn()
                    .addKeyValue("watch", what)
                    .addKeyValue("cause", inOneLine(cause))
                    .log("The API server cannot be watched; trying again each second");
        }
    }

    private static String inOneLine(Throwable cause) {
        Throwable root = cause;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root.toString().lines().findFirst().orElse("");
    }

    /** What breaks from now on is no news. */
    synchronized void close() {
        closed = true;
    }

    synchronized boolean fresh(Duration limit) {
        return started && ticker.nanos() - heardAt <= limit.toNanos();
    }
}
