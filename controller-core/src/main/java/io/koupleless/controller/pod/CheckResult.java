package io.koupleless.controller.pod;

/** How a check ended. */
public sealed interface CheckResult {

    /**
     * @param note empty, or what is odd about it
     */
    record Good(String note) implements CheckResult {}

    record Bad(String message, Speaker speaker) implements CheckResult {}

    /** Who said that it is bad. */
    enum Speaker {
        /** The process that was asked. */
        PROCESS,
        /** Its machine: nobody listens there. The process may be dead. */
        MACHINE,
        /** Nobody: our own network may have failed. */
        NOBODY
    }

    /** It could not be asked at all, and nothing follows for the module. */
    record Unasked(String message) implements CheckResult {}
}
