package io.koupleless.controller.pod;

import java.time.Instant;

/** The state of a container as Kubernetes knows it; {@link Unset} is the absent one. */
public sealed interface ContainerState {
    record Unset() implements ContainerState {}

    record Waiting(String reason, String message) implements ContainerState {}

    record Running(Instant startedAt) implements ContainerState {}

    record Terminated(
            int exitCode, String reason, String message, Instant startedAt, Instant finishedAt)
            implements ContainerState {}
}
