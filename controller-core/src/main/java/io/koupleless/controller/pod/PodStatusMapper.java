package io.koupleless.controller.pod;

import io.koupleless.controller.pod.PodStatus.Phase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Turns what is known of a Pod's modules into its status; pure.
 *
 * <p>Phase and conditions follow the predecessor's table: all containers unknown to the base is
 * Pending, all active is Running and Ready, anything between is Running and not Ready. A Pod that
 * must not restart its containers is Failed when the last of them has ended.
 */
public final class PodStatusMapper {
    /** A container that the base does not know yet. */
    public static final ContainerState CREATING =
            new ContainerState.Waiting("ContainerCreating", "");

    private PodStatusMapper() {}

    /**
     * What a Pod's status is made of.
     *
     * @param views by container name
     * @param restarts by container name
     * @param podIp address of the base, empty when unknown
     * @param unready a reason and a message why the Pod is not ready whatever its containers say
     */
    public record Situation(
            ModulePod pod,
            Map<String, ContainerView> views,
            Map<String, Restarts> restarts,
            String podIp,
            Optional<Unready> unready) {}

    public record Unready(String reason, String message) {}

    public static PodStatus map(Situation now, Instant wall) {
        Instant stamp = wall.truncatedTo(ChronoUnit.SECONDS);
        ModulePod pod = now.pod();
        PodStatus before = pod.status();
        if (before.phase().terminal()) {
            return before;
        }
        List<ContainerStatus> containers = containers(now, stamp);
        Phase phase = phase(containers, before.phase());
        boolean allReady =
                !containers.isEmpty() && containers.stream().allMatch(ContainerStatus::ready);
        return new PodStatus(
                phase,
                phase == Phase.FAILED ? firstTerminated(containers).reason() : "",
                phase == Phase.FAILED ? firstTerminated(containers).message() : "",
                now.podIp().isEmpty() ? before.podIp() : now.podIp(),
                Optional.of(before.startTime().orElse(stamp)),
                conditions(now, allReady, containers, stamp),
                containers);
    }

    private static List<ContainerStatus> containers(Situation now, Instant stamp) {
        List<ContainerStatus> statuses = new ArrayList<>();
        for (ModuleContainer container : now.pod().containers()) {
            String name = container.name();
            ContainerView view = now.views().getOrDefault(name, new ContainerView.Creating(""));
            Restarts restarts = now.restarts().getOrDefault(name, Restarts.NONE);
            Optional<ContainerStatus> before = now.pod().status().container(name);
            ContainerState state =
                    now.pod().ended(name)
                            ? before.map(ContainerStatus::state).orElseThrow()
                            : state(view, before, stamp);
            statuses.add(
                    new ContainerStatus(
                            name,
                            container.image(),
                            started(view, before),
                            ready(view, before),
                            restarts.count(),
                            state,
                            restarts.last()));
        }
        return statuses;
    }

    private static boolean started(ContainerView view, Optional<ContainerStatus> before) {
        return switch (view) {
            case ContainerView.Active active -> active.started();
            case ContainerView.Unchanged() -> before.filter(ContainerStatus::started).isPresent();
            case ContainerView.Creating _, ContainerView.Waiting _, ContainerView.Over _ -> false;
        };
    }

    private static boolean ready(ContainerView view, Optional<ContainerStatus> before) {
        return switch (view) {
            case ContainerView.Active active -> active.ready();
            case ContainerView.Unchanged() -> before.filter(ContainerStatus::ready).isPresent();
            case ContainerView.Creating _, ContainerView.Waiting _, ContainerView.Over _ -> false;
        };
    }

    private static ContainerState state(
            ContainerView view, Optional<ContainerStatus> before, Instant stamp) {
        return switch (view) {
            case ContainerView.Creating(String message) ->
                    new ContainerState.Waiting("ContainerCreating", message);
            case ContainerView.Waiting(String reason, String message) ->
                    new ContainerState.Waiting(reason, message);
            case ContainerView.Active(Instant startedAt, _, _) ->
                    new ContainerState.Running(startedAt);
            case ContainerView.Over(String reason, String message) ->
                    new ContainerState.Terminated(
                            1, reason, message, startedAt(before).orElse(stamp), stamp);
            case ContainerView.Unchanged() -> before.map(ContainerStatus::state).orElse(CREATING);
        };
    }

    private static Optional<Instant> startedAt(Optional<ContainerStatus> before) {
        return before.map(ContainerStatus::state)
                .filter(ContainerState.Running.class::isInstance)
                .map(running -> ((ContainerState.Running) running).startedAt());
    }

    private static Phase phase(List<ContainerStatus> containers, Phase before) {
        boolean over =
                !containers.isEmpty()
                        && containers.stream()
                                .allMatch(c -> c.state() instanceof ContainerState.Terminated);
        if (over) {
            return Phase.FAILED;
        }
        boolean unknown = containers.stream().allMatch(PodStatusMapper::creating);
        return unknown && before == Phase.PENDING ? Phase.PENDING : Phase.RUNNING;
    }

    private static boolean creating(ContainerStatus status) {
        return status.state() instanceof ContainerState.Waiting(String reason, String message)
                && reason.equals("ContainerCreating");
    }

    private static ContainerState.Terminated firstTerminated(List<ContainerStatus> containers) {
        return containers.stream()
                .map(ContainerStatus::state)
                .filter(ContainerState.Terminated.class::isInstance)
                .map(ContainerState.Terminated.class::cast)
                .findFirst()
                .orElseThrow();
    }

    private static List<PodCondition> conditions(
            Situation now, boolean allReady, List<ContainerStatus> containers, Instant stamp) {
        PodStatus before = now.pod().status();
        String notReady = allReady ? "" : "ContainersNotReady";
        String which = allReady ? "" : "containers with unready status: " + unready(containers);
        PodCondition containersReady =
                new PodCondition(PodCondition.CONTAINERS_READY, allReady, notReady, which, stamp);
        PodCondition ready = ready(now, containersReady, stamp);
        List<PodCondition> conditions = new ArrayList<>();
        conditions.add(ready.since(before));
        conditions.add(containersReady.since(before));
        conditions.add(
                new PodCondition(PodCondition.INITIALIZED, true, "", "", stamp).since(before));
        // Pods that name their Node themselves never met the scheduler.
        conditions.add(
                before.condition(PodCondition.SCHEDULED)
                        .orElse(new PodCondition(PodCondition.SCHEDULED, true, "", "", stamp)));
        return conditions;
    }

    private static PodCondition ready(Situation now, PodCondition containersReady, Instant stamp) {
        if (now.unready().isPresent()) {
            Unready why = now.unready().get();
            return new PodCondition(PodCondition.READY, false, why.reason(), why.message(), stamp);
        }
        PodStatus before = now.pod().status();
        Optional<String> gate =
                now.pod().readinessGates().stream().filter(g -> !before.isTrue(g)).findFirst();
        if (containersReady.status() && gate.isPresent()) {
            return new PodCondition(
                    PodCondition.READY,
                    false,
                    "ReadinessGatesNotReady",
                    "corresponding condition of pod readiness gate \""
                            + gate.get()
                            + "\" is not True",
                    stamp);
        }
        return new PodCondition(
                PodCondition.READY,
                containersReady.status(),
                containersReady.reason(),
                containersReady.message(),
                stamp);
    }

    private static String unready(List<ContainerStatus> containers) {
        return containers.stream()
                .filter(c -> !c.ready())
                .map(ContainerStatus::name)
                .toList()
                .toString();
    }

    /** The status of a Pod whose Node went silent: only Ready changes. */
    public static PodStatus nodeNotReady(PodStatus before, Unready why, Instant wall) {
        PodCondition ready =
                new PodCondition(
                        PodCondition.READY,
                        false,
                        why.reason(),
                        why.message(),
                        wall.truncatedTo(ChronoUnit.SECONDS));
        List<PodCondition> conditions = new ArrayList<>(before.conditions());
        conditions.replaceAll(c -> c.type().equals(PodCondition.READY) ? ready : c);
        return new PodStatus(
                before.phase(),
                before.reason(),
                before.message(),
                before.podIp(),
                before.startTime(),
                conditions,
                before.containers());
    }

    /** True when writing {@code next} would change something that we answer for. */
    public static boolean differs(PodStatus next, PodStatus observed) {
        for (PodCondition condition : next.conditions()) {
            if (observed.condition(condition.type()).filter(condition::saysTheSameAs).isEmpty()) {
                return true;
            }
        }
        return next.phase() != observed.phase()
                || !next.podIp().equals(observed.podIp())
                || !next.startTime().equals(observed.startTime())
                || !next.reason().equals(observed.reason())
                || !next.message().equals(observed.message())
                || !next.containers().equals(observed.containers());
    }
}
