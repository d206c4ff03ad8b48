package io.koupleless.controller.vnode;

import io.koupleless.controller.node.Labels;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.PodStatus;
import java.util.List;
import java.util.function.Predicate;

/** What people are told of a Pod beside its status. */
final class PodWords {
    static final String NOT_A_MODULE =
            "this Node is a Koupleless base and runs modules only, Pods with the label "
                    + Labels.COMPONENT
                    + "="
                    + Labels.COMPONENT_MODULE
                    + ". Keep others off it with a node affinity: "
                    + Labels.COMPONENT
                    + " DoesNotExist";

    private PodWords() {}

    /** The same for each Pod of its owner. */
    static void ofStranger(TrackedPod pod, Outbox out) {
        out.warnOwner(pod.pod(), Reason.NOT_A_MODULE, NOT_A_MODULE);
    }

    /** What its spec asks for in vain is the same for each Pod of its owner. */
    static void ofIgnored(TrackedPod pod, Outbox out) {
        List<String> ignored = pod.pod().terms().ignored();
        if (pod.isNews(ignored)) {
            out.warnOwner(
                    pod.pod(),
                    Reason.FIELDS_IGNORED,
                    "without effect here: " + String.join("; ", ignored));
        }
    }

    /**
     * Once for each container that begins to wait for, or ended by, what people have to know.
     *
     * @param told a command that failed for this reason has been told of already
     */
    static void ofChange(
            TrackedPod pod, PodStatus next, PodStatus before, Predicate<String> told, Outbox out) {
        if (next.reason().equals(Reason.DEADLINE_EXCEEDED)) {
            out.warn(pod.pod().ref(), next.reason(), next.message());
        }
        for (ContainerStatus status : next.containers()) {
            boolean known =
                    before.container(status.name())
                            .filter(old -> old.state().equals(status.state()))
                            .isPresent();
            if (known) {
                continue;
            }
            String container = "container " + status.name();
            switch (status.state()) {
                case ContainerState.Waiting(String why, String message) -> {
                    if (Reason.TOLD_WITH_THE_STATUS.contains(why) && !told.test(why)) {
                        count(why, out);
                        out.warn(pod.pod().ref(), why, named(container, message));
                    }
                }
                case ContainerState.Terminated ended -> {
                    if (Reason.TOLD_WITH_THE_END.contains(ended.reason())) {
                        count(ended.reason(), out);
                        out.warn(
                                pod.pod().ref(), ended.reason(), named(container, ended.message()));
                    }
                }
                case ContainerState.Running _, ContainerState.Unset _ -> {
                    // Good news has an Event of its own.
                }
            }
        }
    }

    /** Some messages name their container by themselves. */
    private static String named(String container, String message) {
        return message.startsWith(container) ? message : container + ": " + message;
    }

    private static void count(String reason, Outbox out) {
        FailureCode.ofReason(reason).map(Effect.Count::new).ifPresent(out::add);
    }
}
