package io.koupleless.controller.tunnel.mqtt;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;

/** A client whose broker is the test. */
final class ScriptedClient implements BrokerClient {
    final List<String> calls = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<Void>> published = new CopyOnWriteArrayList<>();
    final List<CompletableFuture<List<String>>> subscriptions = new CopyOnWriteArrayList<>();
    final Events events;

    ScriptedClient(Events events) {
        this.events = events;
    }

    /** Hands out scripted clients and keeps them. */
    static final class Source implements Factory {
        final List<ScriptedClient> clients = new CopyOnWriteArrayList<>();

        @Override
        public String broker() {
            return "scripted";
        }

        @Override
        public BrokerClient create(Events events) {
            ScriptedClient client = new ScriptedClient(events);
            clients.add(client);
            return client;
        }
    }

    @Override
    public void connect() {
        calls.add("connect");
    }

    @Override
    public void disconnect() {
        calls.add("disconnect");
    }

    @Override
    public CompletionStage<List<String>> subscribe(List<String> filters) {
        calls.add("subscribe " + filters.size());
        CompletableFuture<List<String>> answer = new CompletableFuture<>();
        subscriptions.add(answer);
        return answer;
    }

    @Override
    public void unsubscribe(List<String> filters) {
        calls.add("unsubscribe " + filters.size());
    }

    @Override
    public CompletionStage<Void> publish(Outgoing message) {
        calls.add((message.retained() ? "clear " : "publish ") + message.topic());
        CompletableFuture<Void> acknowledged = new CompletableFuture<>();
        published.add(acknowledged);
        return acknowledged;
    }

    List<String> callsWith(String word) {
        List<String> found = new ArrayList<>(calls);
        found.removeIf(call -> !call.startsWith(word));
        return found;
    }
}
