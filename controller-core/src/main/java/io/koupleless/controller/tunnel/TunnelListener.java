package io.koupleless.controller.tunnel;

/** Hears a tunnel. */
@FunctionalInterface
public interface TunnelListener {
    /** Records the event and returns; never blocks, never throws, may be called by any thread. */
    void onEvent(TunnelEvent event);
}
