package io.koupleless.controller.tunnel;

import io.koupleless.controller.module.ModuleStatus;
import java.util.List;

/** How a base answered a command on a module. */
public sealed interface Answer {

    /**
     * Done.
     *
     * @param installed what the base says is now there; the truth about name and version. Empty for
     *     an uninstall and from bases that do not say.
     */
    record Done(List<ModuleStatus> installed) implements Answer {
        public Done {
            installed = List.copyOf(installed);
        }
    }

    /**
     * {@code REPEAT_BIZ}: something of that name and version is there already: look at the list.
     */
    record AlreadyThere() implements Answer {}

    /** {@code NOT_FOUND_BIZ}: nothing of that name and version is there. */
    record NotThere() implements Answer {}

    /** Arklet runs another command for the same module: in flight, no verdict. */
    record Busy() implements Answer {}

    /**
     * Refused or failed.
     *
     * @param message arklet's own words, never empty
     * @param cause first line of the deepest {@code Caused by}, else the message's first line
     * @param failure what kind of failure, as far as the words tell
     */
    record Failed(String message, String cause, Failure failure) implements Answer {}

    /** Kinds of failure that call for different handling; told apart in the codec alone. */
    enum Failure {
        /** The jar could not be had: missing, refused, unknown host, not a zip. */
        PULL,
        /** The server of the jar did not answer in time. */
        PULL_TIMEOUT,
        /** The URL itself is unusable. */
        URL,
        /** The JVM ran out of metaspace. */
        METASPACE,
        /** The base's disk is full. */
        DISK,
        /** The request was malformed in the base's eyes. */
        REQUEST,
        /** Another web module has its context path, another version of it perhaps. */
        CONTEXT_PATH,
        /** The module's own code failed while starting. */
        MODULE,
        /** Anything else. */
        OTHER
    }
}
