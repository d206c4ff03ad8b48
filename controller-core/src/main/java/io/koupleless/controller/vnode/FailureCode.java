package io.koupleless.controller.vnode;

import static io.koupleless.controller.vnode.FailureCode.Again.AFTER_BACK_OFF;
import static io.koupleless.controller.vnode.FailureCode.Again.WHEN_CHANGED;
import static io.koupleless.controller.vnode.FailureCode.Again.WHEN_CLEAR;

import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Operation;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The table of all that can go wrong with a module: the code, when it is tried again, and which
 * refusals of a base it stands for. Each code is the reason of a container or Pod and of a Warning
 * Event, and a label of a metric; {@code docs/failures.md} is tested against this table.
 */
public enum FailureCode {
    PULL(Reason.PULL_FAILED, AFTER_BACK_OFF, Answer.Failure.PULL),
    PULL_TIME(Reason.PULL_TIMED_OUT, AFTER_BACK_OFF, Answer.Failure.PULL_TIMEOUT),
    URL(Reason.URL_INVALID, WHEN_CHANGED, Answer.Failure.URL),
    PARAMETER(Reason.PARAMETER_INVALID, WHEN_CHANGED),
    REQUEST(Reason.REQUEST_INVALID, WHEN_CHANGED),
    METASPACE(Reason.METASPACE_FULL, AFTER_BACK_OFF, Answer.Failure.METASPACE),
    DISK(Reason.DISK_FULL, AFTER_BACK_OFF, Answer.Failure.DISK),
    MODULE(Reason.MODULE_FAILED, AFTER_BACK_OFF, Answer.Failure.MODULE),
    REQUIREMENT(
            Reason.REQUEST_REFUSED,
            AFTER_BACK_OFF,
            Answer.Failure.REQUEST,
            Answer.Failure.CONTEXT_PATH),
    INSTALL(Reason.INSTALL_FAILED, AFTER_BACK_OFF, Answer.Failure.OTHER),
    INSTALL_TIME(Reason.INSTALL_TIMED_OUT, AFTER_BACK_OFF),
    NETWORK(Reason.SEND_REFUSED, AFTER_BACK_OFF),
    STARTUP(Reason.STARTUP_FAILED, AFTER_BACK_OFF),
    LIVENESS(Reason.LIVENESS_FAILED, AFTER_BACK_OFF),
    OTHER_VERSION(Reason.OTHER_VERSION_ACTIVE, WHEN_CLEAR),
    OTHER_OWNER(Reason.OWNED_BY_OTHER, WHEN_CLEAR),
    UNINSTALL(Reason.UNINSTALL_FAILED, AFTER_BACK_OFF),
    UNINSTALL_TIME(Reason.UNINSTALL_TIMED_OUT, AFTER_BACK_OFF);

    /** When what failed is tried again; a base that restarted is given all modules anew. */
    public enum Again {
        AFTER_BACK_OFF("after the back-off"),
        /** Nothing is sent before. */
        WHEN_CLEAR("when what stands in the way is gone"),
        /** It would fail the same way for ever. */
        WHEN_CHANGED("not before the Pod changes");

        private final String words;

        Again(String words) {
            this.words = words;
        }

        @Override
        public String toString() {
            return words;
        }
    }

    private final String code;
    private final Again again;
    private final List<Answer.Failure> ofBase;

    FailureCode(String code, Again again, Answer.Failure... ofBase) {
        this.code = code;
        this.again = again;
        this.ofBase = List.of(ofBase);
    }

    /** As Pods, Events and metrics show it. */
    public String code() {
        return code;
    }

    public Again again() {
        return again;
    }

    /** What a base's refusal of a command means. */
    public static FailureCode of(Operation operation, Answer.Failure failure) {
        return switch (operation) {
            case UNINSTALL -> UNINSTALL;
            case INSTALL ->
                    Arrays.stream(values())
                            .filter(row -> row.ofBase.contains(failure))
                            .findFirst()
                            .orElse(INSTALL);
        };
    }

    /** Empty for a reason that is no failure. */
    public static Optional<FailureCode> ofReason(String reason) {
        return Arrays.stream(values()).filter(row -> row.code.equals(reason)).findFirst();
    }
}
