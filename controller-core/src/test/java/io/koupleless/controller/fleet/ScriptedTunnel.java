package io.koupleless.controller.fleet;

import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;

/** A tunnel that remembers what it was given and does with it what the test says. */
final class ScriptedTunnel implements Tunnel {
    private final String name;
    private final List<Message> sent = new CopyOnWriteArrayList<>();
    private volatile Function<Message, CompletionStage<Void>> reaction =
            _ -> CompletableFuture.completedFuture(null);

    ScriptedTunnel(String name) {
        this.name = name;
    }

    void onSend(Function<Message, CompletionStage<Void>> next) {
        reaction = next;
    }

    List<Message> sent() {
        return List.copyOf(sent);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void start(TunnelListener listener) {}

    @Override
    public CompletionStage<Void> send(Message message) {
        sent.add(message);
        return reaction.apply(message);
    }

    @Override
    public void close() {}
}
