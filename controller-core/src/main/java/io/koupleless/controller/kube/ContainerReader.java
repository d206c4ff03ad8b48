package io.koupleless.controller.kube;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.vnode.Reason;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1EnvVar;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads from a Pod's containers which modules they ask for, and how these are looked after. */
final class ContainerReader {
    private static final String NAME = "BIZ_NAME";
    private static final String VERSION = "BIZ_VERSION";

    private ContainerReader() {}

    /**
     * @param grace {@code terminationGracePeriodSeconds} of their Pod
     */
    static List<ModuleContainer> read(List<V1Container> containers, Duration grace) {
        Map<ModuleRef, String> first = new HashMap<>();
        List<ModuleContainer> modules = new ArrayList<>();
        for (V1Container container : containers) {
            String name = PodReader.text(container.getName());
            String image = PodReader.text(container.getImage());
            ModuleContainer.Wanted wanted = wanted(container, name, image);
            if (wanted instanceof ModuleContainer.Module(ModuleRef ref, _, _)) {
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

    private static ModuleContainer.Wanted wanted(V1Container container, String name, String image) {
        Optional<V1EnvVar> bizName = variable(container, NAME);
        Optional<V1EnvVar> bizVersion = variable(container, VERSION);
        if (bizName.isPresent() && bizName.get().getValueFrom() != null) {
            return invalid(notLiteral(name, NAME));
        }
        if (bizVersion.isPresent() && bizVersion.get().getValueFrom() != null) {
            return invalid(notLiteral(name, VERSION));
        }
        String module = bizName.map(ContainerReader::value).filter(t -> !t.isBlank()).orElse(name);
        String version = bizVersion.map(ContainerReader::value).orElse("");
        if (version.isBlank()) {
            return invalid(
                    "container %s has no %s: set this variable to the module's version"
                            .formatted(name, VERSION));
        }
        if (module.isBlank()) {
            return invalid("a container has neither a name nor " + NAME);
        }
        return ModuleUrl.read(image, new ModuleRef(module, version), name);
    }

    /** Of a variable that is named twice Kubernetes takes the last. */
    private static Optional<V1EnvVar> variable(V1Container container, String name) {
        return PodReader.list(container.getEnv()).stream()
                .filter(variable -> name.equals(variable.getName()))
                .reduce((_, last) -> last);
    }

    private static String value(V1EnvVar variable) {
        return PodReader.text(variable.getValue());
    }

    private static String notLiteral(String container, String variable) {
        return "container %s takes %s from elsewhere (valueFrom): only a plain value is read"
                .formatted(container, variable);
    }

    private static ModuleContainer.Wanted invalid(String message) {
        return new ModuleContainer.Invalid(Reason.PARAMETER_INVALID, message);
    }
}
