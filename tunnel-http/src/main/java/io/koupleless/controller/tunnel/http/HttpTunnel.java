package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.TunnelListener;
import io.koupleless.controller.work.Ticker;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The tunnel to bases that are called over HTTP: the table of contents of this package. */
public final class HttpTunnel implements Tunnel {
    public static final String NAME = "http_tunnel_provider";

    private static final Logger log = LoggerFactory.getLogger(HttpTunnel.class);
    private static final long SWEEP_SECONDS = 60;

    private final ExecutorService executor =
            Executors.newThreadPerTaskExecutor(
                    Thread.ofVirtual().name("http-tunnel-", 0).factory());
    private final ScheduledThreadPoolExecutor timer = timer();
    private final AtomicReference<@Nullable TunnelListener> listener = new AtomicReference<>();

    /** Bases remembered before the start: their answers would be told to nobody. */
    private final Queue<Base> early = new ConcurrentLinkedQueue<>();

    private final AtomicBoolean up = new AtomicBoolean();
    private final AtomicBoolean closed = new AtomicBoolean();
    private final int changesPerBase;
    private final BaseDirectory directory;
    private final ArkletClient client;
    private final Conversations conversations;
    private final Discovery discovery;
    private final Receiver receiver;

    /**
     * Listens and calls nowhere yet.
     *
     * @param sources of addresses to look for bases at; they are started and closed with it
     */
    public HttpTunnel(HttpSettings settings, List<BaseSource> sources, TunnelCounters counters) {
        this(settings, sources, counters, System::nanoTime);
    }

    HttpTunnel(
            HttpSettings settings,
            List<BaseSource> sources,
            TunnelCounters counters,
            Ticker ticker) {
        changesPerBase = settings.client().changesPerBase();
        directory = new BaseDirectory(settings, ticker);
        client = new ArkletClient(settings.client(), executor, ticker);
        conversations = new Conversations(client, directory, this::tell, counters, ticker);
        Polling polling =
                new Polling(settings.discovery(), directory, conversations, executor, timer);
        discovery =
                new Discovery(
                        sources,
                        directory,
                        polling,
                        new CallableAddresses(settings.trust().allowLoopback()),
                        this::tell);
        HeartbeatDesk desk =
                new HeartbeatDesk(
                        settings.trust(), directory, polling::ask, this::tell, counters, ticker);
        receiver =
                new Receiver(settings.receiver(), desk, ticker, executor, timer, this::listening);
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public void start(TunnelListener listener) {
        if (!this.listener.compareAndSet(null, listener)) {
            throw new IllegalStateException("started already");
        }
        if (!closed.get()) {
            receiver.start();
            discovery.start();
            Future<?> _ =
                    timer.scheduleWithFixedDelay(
                            directory::sweep, SWEEP_SECONDS, SWEEP_SECONDS, TimeUnit.SECONDS);
            remembered();
        }
    }

    @Override
    public CompletionStage<Void> send(Message message) {
        if (closed.get() || !up.get()) {
            return unavailable("the tunnel is not up");
        }
        Optional<KnownBase> base = directory.of(message.base());
        if (base.isEmpty()) {
            return unavailable("no address is known of this base");
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        try {
            executor.execute(() -> conversations.command(base.get(), message, taken));
        } catch (RejectedExecutionException e) {
            return unavailable("closed");
        }
        return taken;
    }

    /**
     * Each change blocks one of the base's loops, two a processor, until it ends; a download that
     * hangs does so for ever.
     */
    @Override
    public int commandsAtOnce(int processors) {
        return Math.min(changesPerBase, 2 * processors - 1);
    }

    @Override
    public void remember(Base base) {
        early.add(base);
        if (listener.get() != null) {
            remembered();
        }
    }

    /** True while heartbeats can come in, or none are expected. */
    public boolean up() {
        return up.get() && !closed.get();
    }

    /** The port that heartbeats come in at; 0 while there is none. */
    public int port() {
        return receiver.port();
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            timer.shutdownNow();
            discovery.close();
            executor.shutdownNow();
            client.close();
            stop(receiver);
        }
    }

    /** Tomcat takes its time, and nobody has to wait for it: nothing is told any more. */
    private static void stop(Receiver receiver) {
        Thread stopping = Thread.ofVirtual().name("http-tunnel-stop").start(receiver::close);
        try {
            stopping.join(500);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void remembered() {
        for (Base base = early.poll(); base != null; base = early.poll()) {
            if (!closed.get()) {
                discovery.remember(base);
            }
        }
    }

    private void listening() {
        if (up.compareAndSet(false, true)) {
            tell(new TunnelEvent.LinkChanged(true));
        }
    }

    private void tell(TunnelEvent event) {
        TunnelListener told = listener.get();
        if (told == null || closed.get()) {
            return;
        }
        try {
            told.onEvent(event);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("The tunnel's listener failed");
        }
    }

    private static CompletionStage<Void> unavailable(String why) {
        return CompletableFuture.failedFuture(new TunnelException.Unavailable(why, null));
    }

    private static ScheduledThreadPoolExecutor timer() {
        ScheduledThreadPoolExecutor timer =
                new ScheduledThreadPoolExecutor(
                        1, Thread.ofVirtual().name("http-tunnel-timer").factory());
        timer.setRemoveOnCancelPolicy(true);
        return timer;
    }
}
