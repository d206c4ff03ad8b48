package io.koupleless.controller.kube;

/** There is no API server to work with; the message says which setting to look at. */
public final class KubernetesUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    KubernetesUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }

    KubernetesUnavailableException(String message) {
        super(message);
    }
}
