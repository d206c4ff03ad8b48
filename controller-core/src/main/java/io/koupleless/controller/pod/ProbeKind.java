package io.koupleless.controller.pod;

/** What a probe decides about. */
public enum ProbeKind {
    /** Whether the module has come up; until then no other probe runs. */
    STARTUP("Startup", "startupProbe"),
    /** Whether it serves; all that fails is {@code ready}. */
    READINESS("Readiness", "readinessProbe"),
    /** Whether it has to be installed again. */
    LIVENESS("Liveness", "livenessProbe");

    private final String word;
    private final String field;

    ProbeKind(String word, String field) {
        this.word = word;
        this.field = field;
    }

    /** As an Event names it. */
    public String word() {
        return word;
    }

    /** As a container's spec names it. */
    public String field() {
        return field;
    }
}
