package io.koupleless.controller.pod;

/**
 * How often a container's module was installed again, and how it ended the last time.
 *
 * @param count {@code restartCount}
 * @param last {@code lastState}
 */
public record Restarts(int count, ContainerState last) {
    public static final Restarts NONE = new Restarts(0, new ContainerState.Unset());
}
