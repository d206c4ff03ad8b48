package io.koupleless.controller.testkit.process;

/** A process ended though it was still needed; the message carries its last words. */
public final class ProcessEndedException extends IllegalStateException {
    private static final long serialVersionUID = 1L;

    private final String processName;

    ProcessEndedException(Launch launch, int exitCode) {
        super(
                "%s ended with code %d: %s%nits log: %s"
                        .formatted(
                                launch.name(),
                                exitCode,
                                new LogFile(launch.log()).reason(),
                                launch.log()));
        this.processName = launch.name();
    }

    public String processName() {
        return processName;
    }
}
