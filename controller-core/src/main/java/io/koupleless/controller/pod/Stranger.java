package io.koupleless.controller.pod;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The status of a Pod on one of our Nodes that is no module: nothing runs it, and it says so. It
 * stays in its phase, for whoever made a Failed Pod makes another.
 */
public final class Stranger {
    private Stranger() {}

    public static PodStatus explained(ModulePod pod, String reason, String message, Instant wall) {
        Instant stamp = wall.truncatedTo(ChronoUnit.SECONDS);
        PodStatus before = pod.status();
        List<PodCondition> conditions = new ArrayList<>();
        for (String type : List.of(PodCondition.READY, PodCondition.CONTAINERS_READY)) {
            conditions.add(new PodCondition(type, false, reason, message, stamp).since(before));
        }
        before.conditions().stream()
                .filter(old -> conditions.stream().noneMatch(c -> c.type().equals(old.type())))
                .forEach(conditions::add);
        List<ContainerStatus> containers =
                pod.containers().stream()
                        .map(container -> of(pod, container, reason, message))
                        .toList();
        return new PodStatus(
                before.phase(),
                before.reason(),
                before.message(),
                before.podIp(),
                before.startTime(),
                conditions,
                containers);
    }

    /** It may have been a module once: what ended for good stays so, and restarts stay counted. */
    private static ContainerStatus of(
            ModulePod pod, ModuleContainer container, String reason, String message) {
        Optional<ContainerStatus> before = pod.status().container(container.name());
        if (before.isPresent() && pod.ended(container.name())) {
            return before.get();
        }
        return new ContainerStatus(
                container.name(),
                container.image(),
                false,
                before.map(ContainerStatus::restartCount).orElse(0),
                new ContainerState.Waiting(reason, message),
                before.map(ContainerStatus::lastState).orElse(new ContainerState.Unset()));
    }
}
