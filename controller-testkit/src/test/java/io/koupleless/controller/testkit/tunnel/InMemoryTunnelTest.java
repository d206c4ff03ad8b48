package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.tunnel.Tunnel;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** The tunnel in memory keeps a tunnel's promises. */
class InMemoryTunnelTest extends TunnelContract {

    @Override
    protected TunnelHarness open() {
        return new Harness();
    }

    private static final class Harness implements TunnelHarness {
        private final RecordingCounters counters = new RecordingCounters();
        private final ExecutorService wire =
                Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
        private final InMemoryTunnel tunnel = new InMemoryTunnel(counters, wire);

        @Override
        public Tunnel tunnel() {
            return tunnel;
        }

        @Override
        public RecordingCounters counters() {
            return counters;
        }

        @Override
        public void join(FakeBase base) {
            tunnel.join(base);
        }

        @Override
        public void say(FakeBase base, WireMessage message) {
            tunnel.say(base.id(), message);
        }

        @Override
        public void garble(FakeBase base) {
            say(base, new WireMessage("heart", "{\"data\":".getBytes(StandardCharsets.UTF_8)));
        }

        @Override
        public void cut() {
            tunnel.connected(false);
        }

        @Override
        public void restore() {
            tunnel.connected(true);
        }

        @Override
        public void close() {
            wire.shutdownNow();
        }
    }
}
