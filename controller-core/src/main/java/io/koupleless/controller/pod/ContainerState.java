package io.koupleless.controller.pod;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * The state of a container as Kubernetes knows it; {@link Unset} is the absent one. Times are whole
 * seconds, as it keeps them: what is shown would differ from what was written otherwise, and be
 * written again for ever.
 */
public sealed interface ContainerState {
    record Unset() implements ContainerState {}

    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant startedAt) implements ContainerState {
        public Running {
            startedAt = startedAt.truncatedTo(ChronoUnit.SECONDS);
        }
    }

    record Terminated(
            int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
            implements ContainerState {
        public Terminated {
            startedAt = startedAt.truncatedTo(ChronoUnit.SECONDS);
            finishedAt = finishedAt.truncatedTo(ChronoUnit.SECONDS);
        }
    }
}
