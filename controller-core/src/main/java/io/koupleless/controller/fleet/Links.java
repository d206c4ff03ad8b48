package io.koupleless.controller.fleet;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.Transports;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The tunnels and the state of their links. */
public final class Links implements Transports {
    private final List<String> preference;
    private final Map<String, Tunnel> tunnels;
    private final Map<String, Boolean> up = new ConcurrentHashMap<>();

    /**
     * @param tunnels the preferred first
     */
    public Links(List<Tunnel> tunnels) {
        this.preference = tunnels.stream().map(Tunnel::name).toList();
        this.tunnels =
                tunnels.stream().collect(Collectors.toMap(Tunnel::name, Function.identity()));
        this.tunnels.keySet().forEach(name -> up.put(name, false));
    }

    void changed(String tunnel, boolean isUp) {
        up.put(tunnel, isUp);
    }

    public boolean up(String tunnel) {
        return up.getOrDefault(tunnel, false);
    }

    @Override
    public List<String> preference() {
        return preference;
    }

    @Override
    public int commandsAtOnce(String tunnel, int processors) {
        Tunnel way = tunnels.get(tunnel);
        return way == null ? Integer.MAX_VALUE : way.commandsAtOnce(processors);
    }

    /** To each tunnel: an earlier process of ours knew this base. */
    void remember(Base base) {
        tunnels.values().forEach(tunnel -> tunnel.remember(base));
    }

    /** Every tunnel and whether its link is up. */
    public Map<String, Boolean> state() {
        return Map.copyOf(up);
    }

    CompletionStage<Outcome> send(String tunnel, Message message) {
        Tunnel way = tunnels.get(tunnel);
        if (way == null) {
            return CompletableFuture.completedFuture(
                    new Outcome.NotSent("there is no tunnel " + tunnel));
        }
        return way.send(message)
                .<Outcome>thenApply(ignored -> new Outcome.Done())
                .exceptionally(Links::outcome);
    }

    private static Outcome outcome(Throwable thrown) {
        Throwable cause =
                thrown instanceof CompletionException && thrown.getCause() != null
                        ? thrown.getCause()
                        : thrown;
        String message = String.valueOf(cause.getMessage());
        if (!(cause instanceof TunnelException typed)) {
            return new Outcome.Failed(message);
        }
        return switch (typed) {
            case TunnelException.Unavailable e -> new Outcome.NotSent(message);
            case TunnelException.Fenced e -> new Outcome.NotSent(message);
            case TunnelException.Rejected e -> new Outcome.Refused(message);
            case TunnelException.Uncertain e -> new Outcome.Failed(message);
        };
    }
}
