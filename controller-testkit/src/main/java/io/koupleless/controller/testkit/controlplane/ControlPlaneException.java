package io.koupleless.controller.testkit.controlplane;

/** A control plane cannot be had; the message says why, and what to do about it. */
public final class ControlPlaneException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ControlPlaneException(String message) {
        super(message);
    }

    public ControlPlaneException(String message, Throwable cause) {
        super(message, cause);
    }
}
