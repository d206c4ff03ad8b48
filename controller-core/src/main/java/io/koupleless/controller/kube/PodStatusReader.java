package io.koupleless.controller.kube;

import static io.koupleless.controller.kube.PodReader.list;
import static io.koupleless.controller.kube.PodReader.text;

import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.kubernetes.client.openapi.models.V1ContainerState;
import io.kubernetes.client.openapi.models.V1ContainerStateTerminated;
import io.kubernetes.client.openapi.models.V1ContainerStatus;
import io.kubernetes.client.openapi.models.V1PodCondition;
import io.kubernetes.client.openapi.models.V1PodStatus;
import org.jspecify.annotations.Nullable;

/** Reads a Pod's status, conditions of others included. */
final class PodStatusReader {
    private PodStatusReader() {}

    static PodStatus read(@Nullable V1PodStatus status) {
        if (status == null) {
            return PodStatus.NONE;
        }
        return new PodStatus(
                phase(status.getPhase()),
                text(status.getReason()),
                text(status.getMessage()),
                text(status.getPodIP()),
                WireTime.find(status.getStartTime()),
                list(status.getConditions()).stream().map(PodStatusReader::condition).toList(),
                list(status.getContainerStatuses()).stream()
                        .map(PodStatusReader::container)
                        .toList());
    }

    private static PodStatus.Phase phase(@Nullable String phase) {
        return switch (text(phase)) {
            case "Running" -> PodStatus.Phase.RUNNING;
            case "Succeeded" -> PodStatus.Phase.SUCCEEDED;
            case "Failed" -> PodStatus.Phase.FAILED;
            default -> PodStatus.Phase.PENDING;
        };
    }

    private static PodCondition condition(V1PodCondition condition) {
        return new PodCondition(
                text(condition.getType()),
                "True".equals(condition.getStatus()),
                text(condition.getReason()),
                text(condition.getMessage()),
                WireTime.read(condition.getLastTransitionTime()));
    }

    private static ContainerStatus container(V1ContainerStatus container) {
        Integer restarts = container.getRestartCount();
        boolean ready = Boolean.TRUE.equals(container.getReady());
        return new ContainerStatus(
                text(container.getName()),
                text(container.getImage()),
                ready || Boolean.TRUE.equals(container.getStarted()),
                ready,
                restarts == null ? 0 : restarts,
                state(container.getState()),
                state(container.getLastState()));
    }

    private static ContainerState state(@Nullable V1ContainerState state) {
        if (state == null) {
            return new ContainerState.Unset();
        }
        if (state.getWaiting() != null) {
            return new ContainerState.Waiting(
                    text(state.getWaiting().getReason()), text(state.getWaiting().getMessage()));
        }
        if (state.getRunning() != null) {
            return new ContainerState.Running(WireTime.read(state.getRunning().getStartedAt()));
        }
        return state.getTerminated() == null
                ? new ContainerState.Unset()
                : terminated(state.getTerminated());
    }

    private static ContainerState terminated(V1ContainerStateTerminated state) {
        Integer code = state.getExitCode();
        return new ContainerState.Terminated(
                code == null ? 0 : code,
                text(state.getReason()),
                text(state.getMessage()),
                WireTime.read(state.getStartedAt()),
                WireTime.read(state.getFinishedAt()));
    }
}
