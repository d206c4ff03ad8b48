package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.arklet.ArkletCodec;
import io.koupleless.controller.arklet.MalformedMessageException;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.TunnelListener;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** A tunnel that carries arklet's bytes to {@link FakeBase}s in the same JVM. */
public final class InMemoryTunnel implements Tunnel {
    public static final String NAME = "in_memory_tunnel_provider";

    private final ArkletCodec codec = new ArkletCodec();
    private final Map<BaseId, FakeBase> bases = new ConcurrentHashMap<>();
    private final TunnelCounters counters;
    private final Executor wire;
    private @Nullable TunnelListener listener;
    private boolean connected = true;
    private boolean closed;

    /**
     * @param wire carries everything, both ways; runs one task after the other, in order
     */
    public InMemoryTunnel(TunnelCounters counters, Executor wire) {
        this.counters = counters;
        this.wire = wire;
    }

    /** Lets a base take part. */
    public void join(FakeBase base) {
        bases.put(base.id(), base);
    }

    /** Has a base say something; lost while the link is down. */
    public synchronized void say(BaseId base, WireMessage message) {
        if (connected) {
            wire.execute(() -> deliver(base, message));
        }
    }

    /** Cuts or restores the link. */
    public synchronized void connected(boolean up) {
        if (connected != up) {
            connected = up;
            if (listener != null) {
                wire.execute(() -> tell(new TunnelEvent.LinkChanged(up)));
            }
        }
    }

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public synchronized void start(TunnelListener listener) {
        this.listener = listener;
        if (connected) {
            wire.execute(() -> tell(new TunnelEvent.LinkChanged(true)));
        }
    }

    @Override
    public synchronized CompletionStage<Void> send(Message message) {
        if (listener == null || closed || !connected) {
            return CompletableFuture.failedFuture(
                    new TunnelException.Unavailable("the link is down", null));
        }
        Optional<String> name = codec.topic(message.command());
        if (name.isEmpty()) {
            return CompletableFuture.failedFuture(
                    new TunnelException.Rejected("bases do not answer this", null));
        }
        byte[] payload = codec.encodeMqtt(message.command());
        if (!message.fence().open()) {
            return CompletableFuture.failedFuture(new TunnelException.Fenced("fenced"));
        }
        CompletableFuture<Void> taken = new CompletableFuture<>();
        wire.execute(() -> hand(message.base(), name.get(), payload, taken));
        return taken;
    }

    @Override
    public synchronized void close() {
        closed = true;
    }

    private void hand(BaseId id, String command, byte[] payload, CompletableFuture<Void> taken) {
        FakeBase base = bases.get(id);
        if (base != null && passes()) {
            base.handle(command, payload, answer -> say(id, answer));
        }
        taken.complete(null);
    }

    private void deliver(BaseId base, WireMessage message) {
        try {
            tell(codec.decodeMqtt(base, message.topic(), message.payload()));
        } catch (MalformedMessageException e) {
            counters.dropped(NAME, "malformed");
        }
    }

    private void tell(TunnelEvent event) {
        TunnelListener told = told();
        if (told != null) {
            told.onEvent(event);
        }
    }

    private synchronized @Nullable TunnelListener told() {
        return closed ? null : listener;
    }

    private synchronized boolean passes() {
        return connected && !closed;
    }
}
