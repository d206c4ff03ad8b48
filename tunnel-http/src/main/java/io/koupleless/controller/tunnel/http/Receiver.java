package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the server listen, and goes on trying while the port is another's. */
final class Receiver implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Receiver.class);
    private static final Pause RETRY = new Pause(Duration.ofMillis(500), 2, Duration.ofSeconds(10));

    private final HttpSettings.Receiver settings;
    private final HeartbeatDesk desk;
    private final Ticker ticker;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Runnable listening;
    private int failures;
    private boolean closed;
    private @Nullable HeartbeatServer server;

    /**
     * @param listening runs once, when heartbeats can come in
     */
    Receiver(
            HttpSettings.Receiver settings,
            HeartbeatDesk desk,
            Ticker ticker,
            Executor executor,
            ScheduledExecutorService timer,
            Runnable listening) {
        this.settings = settings;
        this.desk = desk;
        this.ticker = ticker;
        this.executor = executor;
        this.timer = timer;
        this.listening = listening;
    }

    void start() {
        if (settings.listens()) {
            executor.execute(this::listen);
        } else {
            listening.run();
        }
    }

    /** The port that it listens on, or 0. */
    synchronized int port() {
        return server == null ? 0 : server.port();
    }

    @Override
    public void close() {
        HeartbeatServer stopped = stop();
        if (stopped != null) {
            stopped.close();
        }
    }

    private synchronized @Nullable HeartbeatServer stop() {
        closed = true;
        return server;
    }

    private void listen() {
        try {
            HeartbeatServer started = HeartbeatServer.listen(settings, desk, ticker, timer);
            if (!keep(started)) {
                started.close();
                return;
            }
            log.atInfo().addKeyValue("port", started.port()).log("Heartbeats are heard");
            listening.run();
        } catch (IOException e) {
            again(e);
        }
    }

    private synchronized boolean keep(HeartbeatServer started) {
        if (!closed) {
            server = started;
        }
        return !closed;
    }

    private synchronized void again(IOException why) {
        failures++;
        if (failures == 1) {
            log.atError()
                    .addKeyValue("port", settings.port())
                    .addKeyValue("why", why.getMessage())
                    .log(
                            "Heartbeats cannot be heard: the port cannot be had; free it or set"
                                    + " module-controller.http.port. It is tried again and again");
        }
        if (!closed) {
            long nanos = RETRY.nanos(failures, ThreadLocalRandom.current().nextDouble());
            Future<?> _ =
                    timer.schedule(
                            () -> executor.execute(this::listen), nanos, TimeUnit.NANOSECONDS);
        }
    }
}
