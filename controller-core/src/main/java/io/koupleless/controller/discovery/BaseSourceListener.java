package io.koupleless.controller.discovery;

/** Hears a source; never blocks, never throws, may be called by any thread. */
public interface BaseSourceListener {

    /** There, or described anew. */
    void found(FoundBase base);

    /** Its process is about to end. */
    void leaving(BaseAddress address);

    /** It is no more, for certain. */
    void gone(BaseAddress address);

    /** The source does not name it any longer; it may live on, and is judged by its silence. */
    void lost(BaseAddress address);
}
