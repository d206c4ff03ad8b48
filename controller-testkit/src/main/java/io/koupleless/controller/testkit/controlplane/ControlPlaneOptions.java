package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.Progress;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a control plane is made of and how it is run.
 *
 * @param components what is started; etcd and the API server always are
 * @param arguments flags added after our own, so that they win
 * @param logs where the components' logs go and stay; without it they vanish with the control plane
 * @param kubeconfig of a cluster that is there already and is used instead of starting one
 */
public record ControlPlaneOptions(
        Set<Component> components,
        Map<Component, List<String>> arguments,
        Optional<Path> logs,
        Optional<Path> kubeconfig,
        Progress progress) {
    public ControlPlaneOptions {
        components = Set.copyOf(components);
        arguments = Map.copyOf(arguments);
    }

    /** Every component, nothing unusual. */
    public static ControlPlaneOptions defaults() {
        return new ControlPlaneOptions(
                EnumSet.allOf(Component.class),
                Map.of(),
                Optional.empty(),
                Optional.empty(),
                Progress.onStandardError());
    }

    /** The same without that component: without the scheduler, say. */
    public ControlPlaneOptions without(Component component) {
        if (component == Component.ETCD || component == Component.API_SERVER) {
            throw new IllegalArgumentException("no control plane without " + component.program());
        }
        Set<Component> fewer = EnumSet.copyOf(components);
        fewer.remove(component);
        return new ControlPlaneOptions(fewer, arguments, logs, kubeconfig, progress);
    }

    /** The same with flags for a component, in the form {@code --name=value}. */
    public ControlPlaneOptions with(Component component, String... flags) {
        Map<Component, List<String>> more = new EnumMap<>(Component.class);
        more.putAll(arguments);
        more.put(component, List.of(flags));
        return new ControlPlaneOptions(components, more, logs, kubeconfig, progress);
    }

    public ControlPlaneOptions logsIn(Path directory) {
        return new ControlPlaneOptions(
                components, arguments, Optional.of(directory), kubeconfig, progress);
    }

    /** The same, on the cluster that this file leads to. */
    public ControlPlaneOptions onClusterOf(Path file) {
        return new ControlPlaneOptions(components, arguments, logs, Optional.of(file), progress);
    }

    public ControlPlaneOptions telling(Progress listener) {
        return new ControlPlaneOptions(components, arguments, logs, kubeconfig, listener);
    }

    List<String> argumentsOf(Component component) {
        return arguments.getOrDefault(component, List.of());
    }
}
