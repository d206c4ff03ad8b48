package io.koupleless.controller.pod;

import java.time.Instant;

/** How one module container stands, before it is written in Kubernetes' words. */
public sealed interface ContainerView {

    /** The base does not know the module yet. */
    record Creating(String message) implements ContainerView {}

    /** The base knows the module, but it does not serve. */
    record Waiting(String reason, String message) implements ContainerView {}

    /**
     * The module is active.
     *
     * @param started its startup probe has succeeded
     * @param ready and its readiness probe succeeds
     */
    record Active(Instant startedAt, boolean started, boolean ready) implements ContainerView {

        /** Without probes. */
        public Active(Instant startedAt) {
            this(startedAt, true, true);
        }
    }

    /** Failed, and its Pod must not restart it. */
    record Over(String reason, String message) implements ContainerView {}

    /** Nothing new is known: what the Pod's status says stands. */
    record Unchanged() implements ContainerView {}
}
