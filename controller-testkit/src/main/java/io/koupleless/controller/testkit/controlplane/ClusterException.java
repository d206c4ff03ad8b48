package io.koupleless.controller.testkit.controlplane;

/** The API server refused a request. */
public final class ClusterException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final int code;

    ClusterException(String request, int code, String answer) {
        super("%s: %d %s".formatted(request, code, answer));
        this.code = code;
    }

    /** The HTTP status. */
    public int code() {
        return code;
    }

    public boolean isNotFound() {
        return code == 404;
    }

    public boolean isConflict() {
        return code == 409;
    }

    /** The same request may be answered a little later. */
    public boolean isTransient() {
        return code == 429 || code >= 500;
    }

    public boolean isForbidden() {
        return code == 403;
    }
}
