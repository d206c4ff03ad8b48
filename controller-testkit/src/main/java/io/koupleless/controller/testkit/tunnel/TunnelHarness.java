package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.tunnel.Tunnel;

/** What {@link TunnelContract} needs of a transport: a tunnel, and bases at the other end. */
public interface TunnelHarness extends AutoCloseable {

    /** The tunnel under test, not started; the other side is there. */
    Tunnel tunnel();

    /** Where the tunnel counts. */
    RecordingCounters counters();

    /** Lets a base take part; it says nothing yet. */
    void join(FakeBase base);

    /** Has a base say something; lost while the link is cut. */
    void say(FakeBase base, WireMessage message);

    /** Has a base say something that cannot be read. */
    void garble(FakeBase base);

    /** False for a transport that has no link of its own: such tests are skipped. */
    default boolean linkCanBeCut() {
        return true;
    }

    /** Nothing passes any more, in either direction; the tunnel notices by itself. */
    void cut();

    /** Returns when the bases are back; the tunnel comes back by itself. */
    void restore();

    @Override
    void close();
}
