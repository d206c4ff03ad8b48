package io.koupleless.controller.pod;

/** One entry of {@code status.containerStatuses}. */
public record ContainerStatus(
        String name,
        String image,
        boolean ready,
        int restartCount,
        ContainerState state,
        ContainerState lastState) {}
