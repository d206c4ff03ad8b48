package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.RecordingCounters;
import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A tunnel that is up, bases to call, and a source that names what a test says. */
final class Rig implements AutoCloseable {
    static final Duration TTL = Duration.ofSeconds(20);

    final RecordingListener heard = new RecordingListener();
    final RecordingCounters counters = new RecordingCounters();
    final HttpFakeBases bases;
    final Finder finder = new Finder();
    final HttpTunnel tunnel;

    Rig(HttpSettings settings) {
        this(settings, HttpFakeBases.open(), List.of());
    }

    Rig(HttpSettings settings, HttpFakeBases bases, List<BaseSource> sources) {
        this.bases = bases;
        List<BaseSource> all = new ArrayList<>(sources);
        all.add(finder);
        tunnel = new HttpTunnel(settings, all, counters);
        tunnel.start(heard);
        heard.awaitLink(true);
    }

    URI endpoint() {
        return URI.create("http://127.0.0.1:" + tunnel.port());
    }

    CompletableFuture<Void> send(BaseId base, Command command) {
        return send(base, command, TTL);
    }

    CompletableFuture<Void> send(BaseId base, Command command, Duration timeToLive) {
        return tunnel.send(new Message(base, command, timeToLive, () -> true))
                .toCompletableFuture();
    }

    void sent(BaseId base, Command command) {
        assertThat(send(base, command)).succeedsWithin(TTL);
    }

    @Override
    public void close() {
        tunnel.close();
        bases.close();
    }

    /** Names what a test says. */
    static final class Finder implements BaseSource {
        @Nullable BaseSourceListener listener;

        @Override
        public String name() {
            return "test";
        }

        @Override
        public void start(BaseSourceListener listener) {
            this.listener = listener;
        }

        @Override
        public void close() {
            // nothing runs
        }

        void found(BaseAddress address) {
            listener.found(new FoundBase(address, "", "", "", ""));
        }
    }
}
