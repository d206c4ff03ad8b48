package io.koupleless.controller.app.settings;

/** The controller cannot be started like this. */
public final class RefusedStartException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String fix;

    public RefusedStartException(String message, String fix) {
        super(message);
        this.fix = fix;
    }

    /** What to do about it. */
    public String fix() {
        return fix;
    }
}
