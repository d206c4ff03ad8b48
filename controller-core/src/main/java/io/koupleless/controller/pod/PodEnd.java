package io.koupleless.controller.pod;

import io.koupleless.controller.pod.PodStatus.Phase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;

/** The status of a Pod that is over though its modules did not fail; pure. */
public final class PodEnd {
    /** A process that was asked to end has this code; a module has none. */
    private static final int EXIT_CODE = 143;

    private static final String POD_FAILED = "PodFailed";
    private static final List<String> READINESS =
            List.of(PodCondition.READY, PodCondition.CONTAINERS_READY);

    private PodEnd() {}

    /** Failed for this reason; what ended before stays as it ended. */
    public static PodStatus failed(ModulePod pod, String reason, String message, Instant wall) {
        Instant stamp = wall.truncatedTo(ChronoUnit.SECONDS);
        PodStatus before = pod.status();
        List<ContainerStatus> containers = new ArrayList<>();
        for (ModuleContainer container : pod.containers()) {
            ContainerStatus status =
                    before.container(container.name()).orElseGet(() -> unseen(container));
            containers.add(ended(status, reason, message, stamp));
        }
        List<PodCondition> conditions = new ArrayList<>();
        before.conditions().stream()
                .filter(condition -> !READINESS.contains(condition.type()))
                .forEach(conditions::add);
        for (String type : READINESS) {
            conditions.add(new PodCondition(type, false, POD_FAILED, "", stamp).since(before));
        }
        return new PodStatus(
                Phase.FAILED,
                reason,
                message,
                before.podIp(),
                before.startTime(),
                conditions,
                containers);
    }

    private static ContainerStatus unseen(ModuleContainer container) {
        return new ContainerStatus(
                container.name(),
                container.image(),
                false,
                0,
                new ContainerState.Unset(),
                new ContainerState.Unset());
    }

    private static ContainerStatus ended(
            ContainerStatus status, String reason, String message, Instant stamp) {
        ContainerState state =
                switch (status.state()) {
                    case ContainerState.Terminated ended -> ended;
                    case ContainerState.Running(Instant started) ->
                            new ContainerState.Terminated(
                                    EXIT_CODE, reason, message, started, stamp);
                    case ContainerState.Waiting _, ContainerState.Unset _ ->
                            new ContainerState.Terminated(EXIT_CODE, reason, message, stamp, stamp);
                };
        return new ContainerStatus(
                status.name(),
                status.image(),
                false,
                status.restartCount(),
                state,
                status.lastState());
    }
}
