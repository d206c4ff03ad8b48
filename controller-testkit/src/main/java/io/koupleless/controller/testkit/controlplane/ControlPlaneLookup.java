package io.koupleless.controller.testkit.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/** Decides where the control plane comes from. */
public final class ControlPlaneLookup {
    /** Names a directory with etcd, kube-apiserver and the rest. */
    public static final String ASSETS = "KUBEBUILDER_ASSETS";

    /** Names the kubeconfig of a cluster (kind, say) that the playground uses as it is. */
    public static final String KUBECONFIG = "MODULE_CONTROLLER_KUBECONFIG";

    private final Map<String, String> environment;
    private final BooleanSupplier dockerAnswers;
    private final BooleanSupplier goIsThere;

    ControlPlaneLookup(
            Map<String, String> environment,
            BooleanSupplier dockerAnswers,
            BooleanSupplier goIsThere) {
        this.environment = Map.copyOf(environment);
        this.dockerAnswers = dockerAnswers;
        this.goIsThere = goIsThere;
    }

    /** Looks at this machine. */
    public static ControlPlaneLookup ofThisMachine() {
        return new ControlPlaneLookup(
                System.getenv(), DockerEngine::answers, GoToolchain::isInstalled);
    }

    /** The first of the ways that works here. */
    public ControlPlaneOrigin find(ControlPlaneOptions options) {
        if (options.kubeconfig().isPresent()) {
            return new ControlPlaneOrigin.Given(options.kubeconfig().get());
        }
        Optional<Path> assets = assets();
        if (assets.isPresent()) {
            List<String> missing = KubernetesBinaries.missing(assets.get(), options.components());
            if (missing.isEmpty()) {
                return new ControlPlaneOrigin.Assets(assets.get());
            }
            options.progress()
                    .say(
                            "%s=%s lacks %s: looking further"
                                    .formatted(ASSETS, assets.get(), String.join(", ", missing)));
        }
        if (dockerAnswers.getAsBoolean()) {
            return new ControlPlaneOrigin.Docker();
        }
        Path cache = KubernetesBinaries.cacheDirectory(environment);
        boolean built = KubernetesBinaries.missing(cache, options.components()).isEmpty();
        if (built || goIsThere.getAsBoolean()) {
            return new ControlPlaneOrigin.Built(cache);
        }
        throw new ControlPlaneException(nothingFound());
    }

    private Optional<Path> assets() {
        return Optional.ofNullable(environment.get(ASSETS))
                .filter(value -> !value.isBlank())
                .map(Path::of)
                .filter(Files::isDirectory);
    }

    private static String nothingFound() {
        return """
        no way to a Kubernetes control plane on this machine; do one of these:
          1. set %s to a directory with etcd, kube-apiserver, kube-controller-manager and \
        kube-scheduler
          2. start a Docker engine (k3s runs in it)
          3. install Go (https://go.dev/dl): Kubernetes %s is then built once, in about 7 minutes\
        """
                .formatted(ASSETS, KubernetesBinaries.VERSION);
    }
}
