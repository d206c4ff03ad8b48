package io.koupleless.controller.tunnel.mqtt;

import io.koupleless.controller.tunnel.mqtt.BrokerClient.Outgoing;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the broker forget the commands that the Go controller left retained: looks at all command
 * topics until none has come for a while. Confined to the link's executor.
 */
final class RetainedCleanup {
    private static final Logger log = LoggerFactory.getLogger(RetainedCleanup.class);
    private static final long LAST_ACKNOWLEDGEMENT_MILLIS = 10_000;
    private static final int MAX_IN_FLIGHT = 256;

    private final BrokerClient client;
    private final Duration quietTime;
    private final ScheduledExecutorService executor;
    private final Runnable done;
    private final Queue<String> found = new ArrayDeque<>();
    private @Nullable ScheduledFuture<?> quiet;
    private List<String> filters = List.of();
    private int inFlight;
    private int cleared;
    private volatile boolean finished;

    /**
     * @param quietTime how long none must have come
     * @param done called once, on the executor
     */
    RetainedCleanup(
            BrokerClient client,
            Duration quietTime,
            ScheduledExecutorService executor,
            Runnable done) {
        this.client = client;
        this.quietTime = quietTime;
        this.executor = executor;
        this.done = done;
    }

    /** The filters have just been subscribed. */
    void watch(List<String> subscribed) {
        filters = subscribed;
        waitForQuiet();
    }

    void found(String topic) {
        if (finished) {
            return;
        }
        found.add(topic);
        waitForQuiet();
        clear();
    }

    private void clear() {
        while (inFlight < MAX_IN_FLIGHT && !found.isEmpty()) {
            inFlight++;
            client.publish(Outgoing.clearing(found.remove()))
                    .whenComplete((ok, failure) -> onExecutor(failure));
        }
    }

    private void onExecutor(@Nullable Throwable failure) {
        try {
            executor.execute(() -> settled(failure));
        } catch (RejectedExecutionException e) {
            finished = true; // the tunnel is closed
        }
    }

    private void settled(@Nullable Throwable failure) {
        inFlight--;
        if (failure == null) {
            cleared++;
        } else {
            log.atDebug().setCause(failure).log("A retained command was not cleared");
        }
        clear();
        if (inFlight == 0 && !finished) {
            waitForQuiet();
        }
    }

    private void waitForQuiet() {
        if (filters.isEmpty()) {
            return; // the broker has not confirmed them yet
        }
        if (quiet != null) {
            quiet.cancel(false);
        }
        quiet = executor.schedule(this::quiet, quietTime.toMillis(), TimeUnit.MILLISECONDS);
    }

    private void quiet() {
        if (inFlight > 0) {
            quiet =
                    executor.schedule(
                            this::finish, LAST_ACKNOWLEDGEMENT_MILLIS, TimeUnit.MILLISECONDS);
        } else {
            finish();
        }
    }

    private void finish() {
        finished = true;
        client.unsubscribe(filters);
        if (cleared > 0) {
            log.atInfo().addKeyValue("count", cleared).log("Cleared retained commands");
        }
        done.run();
    }
}
