package io.koupleless.controller.pod;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The part of a Pod's status that we read and write; times have whole seconds, as Kubernetes keeps
 * them.
 *
 * @param conditions those of others are kept in the observed status and never written
 */
public record PodStatus(
        Phase phase,
        String reason,
        String message,
        String podIp,
        Optional<Instant> startTime,
        List<PodCondition> conditions,
        List<ContainerStatus> containers) {

    public enum Phase {
        PENDING,
        RUNNING,
        SUCCEEDED,
        FAILED;

        /** A Pod in such a phase is over and is never revived. */
        public boolean terminal() {
            return this == SUCCEEDED || this == FAILED;
        }
    }

    public static final PodStatus NONE =
            new PodStatus(Phase.PENDING, "", "", "", Optional.empty(), List.of(), List.of());

    public PodStatus {
        conditions = List.copyOf(conditions);
        containers = List.copyOf(containers);
    }

    public Optional<PodCondition> condition(String type) {
        for (PodCondition condition : conditions) {
            if (condition.type().equals(type)) {
                return Optional.of(condition);
            }
        }
        return Optional.empty();
    }

    public boolean isTrue(String type) {
        return condition(type).map(PodCondition::status).orElse(false);
    }

    public Optional<ContainerStatus> container(String name) {
        for (ContainerStatus container : containers) {
            if (container.name().equals(name)) {
                return Optional.of(container);
            }
        }
        return Optional.empty();
    }
}
