package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.testkit.tunnel.FakeBase;
import io.koupleless.controller.testkit.tunnel.HttpFakeBases;
import io.koupleless.controller.testkit.tunnel.RecordingCounters;
import io.koupleless.controller.testkit.tunnel.TunnelHarness;
import io.koupleless.controller.testkit.tunnel.WireMessage;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelListener;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Fake bases that listen on addresses of their own. Over HTTP an answer is only given to a
 * question, so what a base says unasked is asked for through the tunnel.
 */
final class HttpHarness implements TunnelHarness {
    private static final Duration TTL = Duration.ofSeconds(20);

    private final RecordingCounters counters = new RecordingCounters();
    private final HttpFakeBases bases = HttpFakeBases.open();
    private final HttpTunnel http = new HttpTunnel(TestSettings.local(), List.of(), counters);
    private final AtomicInteger answers = new AtomicInteger();

    @Override
    public Tunnel tunnel() {
        return new Overheard();
    }

    @Override
    public RecordingCounters counters() {
        return counters;
    }

    @Override
    public void join(FakeBase base) {
        bases.join(base);
    }

    @Override
    public void say(FakeBase base, WireMessage message) {
        if (message.topic().equals("bizOperation")) {
            answer(base, message);
        } else {
            bases.say(base, endpoint(), message);
        }
    }

    @Override
    public void garble(FakeBase base) {
        bases.post(base, endpoint(), "/heartbeat", "{\"data\":".getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public boolean linkCanBeCut() {
        return false;
    }

    @Override
    public void cut() {
        throw new UnsupportedOperationException("HTTP has no link");
    }

    @Override
    public void restore() {
        throw new UnsupportedOperationException("HTTP has no link");
    }

    @Override
    public void close() {
        bases.close();
    }

    private URI endpoint() {
        return URI.create("http://127.0.0.1:" + Math.max(1, http.port()));
    }

    private void answer(FakeBase base, WireMessage message) {
        JsonNode said = JsonMapper.shared().readTree(message.payload()).path("data");
        ModuleRef ref =
                new ModuleRef(
                        said.path("bizName").stringValue(), said.path("bizVersion").stringValue());
        int before = answers.get();
        bases.answerNext(base, message);
        http.send(new Message(base.id(), new Command.Uninstall(ref), TTL, () -> true));
        Awaitility.await()
                .atMost(TTL)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(() -> answers.get() > before);
    }

    /** The tunnel itself; the harness hears when an answer has been told. */
    private final class Overheard implements Tunnel {
        @Override
        public String name() {
            return http.name();
        }

        @Override
        public void start(TunnelListener listener) {
            http.start(event -> {
                listener.onEvent(event);
                if (event instanceof TunnelEvent.CommandAnswered) {
                    answers.incrementAndGet();
                }
            });
        }

        @Override
        public CompletionStage<Void> send(Message message) {
            return http.send(message);
        }

        @Override
        public void close() {
            http.close();
        }
    }
}
