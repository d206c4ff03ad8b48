package io.koupleless.controller.tunnel;

import java.io.Serial;
import org.jspecify.annotations.Nullable;

/** Why a command could not be handed over; the type says what the caller can do. */
public abstract sealed class TunnelException extends Exception {
    @Serial private static final long serialVersionUID = 1L;

    private TunnelException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** The link is down or its window is full: nothing was sent, try again later. */
    public static final class Unavailable extends TunnelException {
        @Serial private static final long serialVersionUID = 1L;

        public Unavailable(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** The fence was closed when the message was about to leave: nothing was sent. */
    public static final class Fenced extends TunnelException {
        @Serial private static final long serialVersionUID = 1L;

        public Fenced(String message) {
            super(message, null);
        }
    }

    /** The other side refuses this for good (no permission, too large): tell people. */
    public static final class Rejected extends TunnelException {
        @Serial private static final long serialVersionUID = 1L;

        public Rejected(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }

    /** It may or may not have left: wait for the answer or the deadline. */
    public static final class Uncertain extends TunnelException {
        @Serial private static final long serialVersionUID = 1L;

        public Uncertain(String message, @Nullable Throwable cause) {
            super(message, cause);
        }
    }
}
