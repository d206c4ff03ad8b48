package io.koupleless.controller.kube;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.vnode.Reason;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.openapi.models.V1PodSpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from a Pod's containers which modules they ask for, and how these are looked after. */
final class ContainerReader {
    static final String NAME = "BIZ_NAME";
    static final String VERSION = "BIZ_VERSION";

    private ContainerReader() {}

    /**
     * @param refusal what keeps every container of the Pod from being installed
     * @param grace {@code terminationGracePeriodSeconds} of the Pod
     */
    static List<ModuleContainer> read(
            V1Pod pod, V1PodSpec spec, Optional<String> refusal, Duration grace) {
        Map<ModuleRef, String> first = new HashMap<>();
        List<ModuleContainer> modules = new ArrayList<>();
        for (V1Container container : PodReader.list(spec.getContainers())) {
            String name = PodReader.text(container.getName());
            String image = PodReader.text(container.getImage());
            ModuleContainer.Wanted wanted =
                    refusal.map(ContainerReader::refused)
                            .orElseGet(() -> wanted(pod, container, name, image));
            if (wanted instanceof ModuleContainer.Module(ModuleRef ref, _, _, _)) {
                String other = first.putIfAbsent(ref, name);
                if (other != null) {
                    wanted =
                            invalid(
                                    "container %s asks for %s, and so does container %s of this Pod"
                                            .formatted(name, ref, other));
                }
            }
            modules.add(lookedAfter(container, new ModuleContainer(name, image, wanted), grace));
        }
        return modules;
    }

    private static ModuleContainer lookedAfter(
            V1Container container, ModuleContainer module, Duration grace) {
        if (module.wanted() instanceof ModuleContainer.Invalid) {
            return module;
        }
        ProbeReader reader = new ProbeReader(container, grace);
        try {
            return new ModuleContainer(
                    module.name(),
                    module.image(),
                    module.wanted(),
                    reader.probes(),
                    reader.preStop());
        } catch (ProbeReader.UnusableException e) {
            String why = String.valueOf(e.getMessage());
            return new ModuleContainer(module.name(), module.image(), invalid(why));
        }
    }

    /** It says which module it is; anything else can be no module at all. */
    static boolean namesAModule(V1Container container) {
        return variable(container, VERSION).isPresent();
    }

    private static ModuleContainer.Wanted wanted(
            V1Pod pod, V1Container container, String name, String image) {
        ContainerVariables variables = new ContainerVariables(container, pod);
        for (String needed : List.of(NAME, VERSION)) {
            Optional<V1EnvVar> variable = variable(container, needed);
            if (variable.filter(v -> v.getValueFrom() != null).isPresent()) {
                return invalid(notLiteral(name, needed));
            }
        }
        String module = variables.value(NAME).filter(text -> !text.isBlank()).orElse(name);
        String version = variables.value(VERSION).orElse("");
        if (version.isBlank()) {
            return invalid(noModule(name));
        }
        if (module.isBlank()) {
            return invalid("a container has neither a name nor " + NAME);
        }
        return ContainerFields.refusal(container)
                .or(() -> unreadableArgument(container, variables))
                .map(ContainerReader::refused)
                .orElseGet(() ->
                        withArgs(
                                ModuleUrl.read(image, new ModuleRef(module, version), name),
                                container,
                                variables));
    }

    /** What the args expand to may change with a label; a module runs with what it got. */
    private static ModuleContainer.Wanted withArgs(
            ModuleContainer.Wanted wanted, V1Container container, ContainerVariables variables) {
        List<String> args = args(container);
        if (!(wanted instanceof ModuleContainer.Module module) || args.isEmpty()) {
            return wanted;
        }
        return new ModuleContainer.Module(
                module.ref(),
                module.url(),
                Sha256.of(module.url() + "\n" + String.join("\n", args)),
                args.stream()
                        .map(arg -> VariableReferences.replace(arg, variables::value))
                        .toList());
    }

    private static List<String> args(V1Container container) {
        return PodReader.list(container.getArgs());
    }

    /** Kubernetes would pass on a value that we do not have: better nothing than half of it. */
    private static Optional<String> unreadableArgument(
            V1Container container, ContainerVariables variables) {
        return VariableReferences.in(args(container), null).stream()
                .filter(variables::unreadable)
                .sorted()
                .findFirst()
                .map(variable ->
                        "container %s: args refer to $(%s), which may come from a Secret, a ConfigMap or a status: only plain values and names of the Pod can be read"
                                .formatted(container.getName(), variable));
    }

    private static String noModule(String container) {
        return """
        container %s has no %s, so it is no module, and a base runs nothing else. If it is \
        meant as one, set this variable to the module's version; if it was injected, by a \
        service mesh for example, exclude this Pod from that (label \
        sidecar.istio.io/inject: "false")\
        """
                .formatted(container, VERSION);
    }

    /** Of a variable that is named twice Kubernetes takes the last. */
    private static Optional<V1EnvVar> variable(V1Container container, String name) {
        return PodReader.list(container.getEnv()).stream()
                .filter(variable -> name.equals(variable.getName()))
                .reduce((_, last) -> last);
    }

    private static String notLiteral(String container, String variable) {
        return "container %s takes %s from elsewhere (valueFrom): only a plain value is read"
                .formatted(container, variable);
    }

    private static ModuleContainer.Wanted refused(String message) {
        return new ModuleContainer.Invalid(Reason.REQUEST_INVALID, message);
    }

    private static ModuleContainer.Wanted invalid(String message) {
        return new ModuleContainer.Invalid(Reason.PARAMETER_INVALID, message);
    }
}
