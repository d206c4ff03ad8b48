package io.koupleless.controller.pod;

/**
 * One entry of {@code status.containerStatuses}.
 *
 * @param started it runs, and its startup probe has succeeded
 * @param ready started, and its readiness probe succeeds
 */
public record ContainerStatus(
        String name,
        String image,
        boolean started,
        boolean ready,
        int restartCount,
        ContainerState state,
        ContainerState lastState) {

    /** Of a container without a startup probe. */
    public ContainerStatus(
            String name,
            String image,
            boolean ready,
            int restartCount,
            ContainerState state,
            ContainerState lastState) {
        this(name, image, ready, ready, restartCount, state, lastState);
    }
}
