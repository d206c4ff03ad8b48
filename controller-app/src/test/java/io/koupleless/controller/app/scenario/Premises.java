package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.chart.ChartRbac;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.ControlPlaneOptions;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A control plane, and a directory for what is written.
 *
 * <p>A controller runs here under the ServiceAccount and the rights that the chart renders, with
 * waits shortened by its settings alone.
 */
record Premises(Path directory, ControlPlane controlPlane) implements AutoCloseable {
    static final String ENV = "test";

    /** A real base that starts again may take minutes, on a machine that does other things too. */
    static final Map<String, String> LATE_RETURN =
            Map.of("MODULE_CONTROLLER_SILENCE_DELETE_AFTER", "4m");

    private static final Duration UP = Duration.ofSeconds(180);
    static final String CONTROLLER_NAMESPACE = "module-controller";
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("ENV", ENV),
                    Map.entry("CLIENT_ID", "scenarios"),
                    Map.entry("NAMESPACE", CONTROLLER_NAMESPACE),
                    Map.entry("MODULE_CONTROLLER_HEALTH_PERIOD", "4s"),
                    Map.entry("MODULE_CONTROLLER_MODULES_PERIOD", "4s"),
                    Map.entry("MODULE_CONTROLLER_QUERY_DEADLINE", "3s"),
                    Map.entry("MODULE_CONTROLLER_SILENCE_NOT_READY_AFTER", "11s"),
                    Map.entry("MODULE_CONTROLLER_SILENCE_DELETE_AFTER", "40s"),
                    Map.entry("MODULE_CONTROLLER_CONFLICT_WINDOW", "20s"),
                    Map.entry("MODULE_CONTROLLER_BACKOFF_FIRST", "2s"),
                    Map.entry("MODULE_CONTROLLER_METASPACE_REINSTALLS_PER_HOUR", "3"),
                    Map.entry("MODULE_CONTROLLER_INSTALL_DEADLINE", "45s"),
                    Map.entry("MODULE_CONTROLLER_PODS_LIST_PERIOD", "3s"),
                    Map.entry("MODULE_CONTROLLER_PODS_ORPHAN_GRACE", "5s"));

    /**
     * Open as soon as the API server serves.
     *
     * @param name of the directory
     */
    static Premises open(String name) {
        Path directory =
                Path.of("target", name + "-" + ProcessHandle.current().pid()).toAbsolutePath();
        try {
            Files.createDirectories(directory);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new Premises(directory, ControlPlane.start(ControlPlaneOptions.defaults()));
    }

    /** The same control plane, with another directory for another controller. */
    Premises beside(String name) {
        try {
            return new Premises(Files.createDirectories(directory.resolve(name)), controlPlane);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    ControllerProcess startController(
            String profiles, Optional<BrokerAddress> broker, Map<String, String> more) {
        ClusterUser admin = cluster();
        boolean peers = "true".equals(more.get("ENABLE_MODULE_REPLICAS_SYNC_WITH_BASE"));
        admin.apply(ChartRbac.render(CONTROLLER_NAMESPACE, Map.of("peers.enabled", peers)));
        Path kubeconfig =
                controlPlane.writeKubeconfig(
                        directory.resolve("controller.kubeconfig"),
                        admin.token(CONTROLLER_NAMESPACE, ChartRbac.SERVICE_ACCOUNT),
                        CONTROLLER_NAMESPACE);
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(more);
        Path jar = Path.of("target", "controller-app-0.1.0-SNAPSHOT.jar");
        ControllerProcess process =
                ControllerProcess.start(
                        new ControllerProcess.Setup(
                                jar, kubeconfig, profiles, broker, directory, settings));
        process.awaitReady(UP);
        return process;
    }

    ClusterUser cluster() {
        return controlPlane.admin();
    }

    @Override
    public void close() {
        controlPlane.close();
    }
}
