package io.koupleless.controller.pod;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A Pod bound to one of our Nodes, as far as we care.
 *
 * @param labelled carries a module label; a Pod without one is told that nothing runs it, and ended
 *     when it terminates
 * @param resourceVersion of the watched object
 * @param priority of Pods that wait together the highest comes first
 * @param terminating has a deletionTimestamp
 * @param revision pod-template or controller-revision hash, empty for bare Pods
 * @param readinessGates condition types that must be True beside ours
 * @param terms what the spec says beside that
 * @param status as observed
 * @param deletion empty unless terminating
 */
public record ModulePod(
        PodRef ref,
        String nodeName,
        boolean labelled,
        String resourceVersion,
        Instant createdAt,
        int priority,
        boolean terminating,
        String revision,
        RestartPolicy restartPolicy,
        List<String> readinessGates,
        List<ModuleContainer> containers,
        PodTerms terms,
        PodStatus status,
        Optional<Deletion> deletion) {

    /** One that says nothing beside its modules, and whose deletion, if any, leaves no time. */
    public ModulePod(
            PodRef ref,
            String nodeName,
            boolean labelled,
            String resourceVersion,
            Instant createdAt,
            int priority,
            boolean terminating,
            String revision,
            RestartPolicy restartPolicy,
            List<String> readinessGates,
            List<ModuleContainer> containers,
            PodStatus status) {
        this(
                ref,
                nodeName,
                labelled,
                resourceVersion,
                createdAt,
                priority,
                terminating,
                revision,
                restartPolicy,
                readinessGates,
                containers,
                PodTerms.NONE,
                status,
                Optional.empty());
    }

    public enum RestartPolicy {
        ALWAYS,
        ON_FAILURE,
        NEVER
    }

    /** Oldest first; the uid settles Pods of one second. */
    public static final Comparator<ModulePod> BY_AGE =
            Comparator.comparing(ModulePod::createdAt).thenComparing(pod -> pod.ref().uid());

    public ModulePod {
        readinessGates = List.copyOf(readinessGates);
        containers = List.copyOf(containers);
    }

    /** Wants its modules to be there. */
    public boolean living() {
        return labelled && !terminating && !status.phase().terminal();
    }

    /** This container ran or failed, and its Pod must not run it again. */
    public boolean ended(String container) {
        return restartPolicy == RestartPolicy.NEVER
                && status.container(container)
                        .filter(c -> c.state() instanceof ContainerState.Terminated)
                        .isPresent();
    }

    /** Differs in nothing but the version, if at all. */
    public boolean saysTheSameAs(ModulePod other) {
        return status.equals(other.status)
                && ref.equals(other.ref)
                && nodeName.equals(other.nodeName)
                && labelled == other.labelled
                && createdAt.equals(other.createdAt)
                && priority == other.priority
                && terminating == other.terminating
                && revision.equals(other.revision)
                && restartPolicy == other.restartPolicy
                && readinessGates.equals(other.readinessGates)
                && containers.equals(other.containers)
                && terms.equals(other.terms)
                && deletion.equals(other.deletion);
    }

    /** The same Pod with another status. */
    public ModulePod with(PodStatus next) {
        return new ModulePod(
                ref,
                nodeName,
                labelled,
                resourceVersion,
                createdAt,
                priority,
                terminating,
                revision,
                restartPolicy,
                readinessGates,
                containers,
                terms,
                next,
                deletion);
    }

    /** The same Pod as if it still carried its module label. */
    public ModulePod relabelled() {
        return new ModulePod(
                ref,
                nodeName,
                true,
                resourceVersion,
                createdAt,
                priority,
                terminating,
                revision,
                restartPolicy,
                readinessGates,
                containers,
                terms,
                status,
                deletion);
    }
}
