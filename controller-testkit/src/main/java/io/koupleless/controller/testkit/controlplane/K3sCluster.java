package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.Directories;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.testcontainers.k3s.K3sContainer;
import org.testcontainers.utility.DockerImageName;

/** k3s in a container: API server, controller-manager and scheduler in one process. */
final class K3sCluster implements Cluster {
    private static final DockerImageName IMAGE =
            DockerImageName.parse("rancher/k3s")
                    .withTag("v" + KubernetesBinaries.VERSION + "-k3s1");
    private static final Map<Component, String> ARGUMENT_FLAGS =
            Map.of(
                    Component.ETCD, "--etcd-arg=",
                    Component.API_SERVER, "--kube-apiserver-arg=",
                    Component.CONTROLLER_MANAGER, "--kube-controller-manager-arg=",
                    Component.SCHEDULER, "--kube-scheduler-arg=");

    private final K3sContainer container;
    private final Path directory;

    private K3sCluster(K3sContainer container, Path directory) {
        this.container = container;
        this.directory = directory;
    }

    static K3sCluster start(ControlPlaneOptions options) {
        options.progress().say("starting %s in Docker".formatted(IMAGE));
        K3sContainer container = new K3sContainer(IMAGE);
        container.setCommand(command(container, options).toArray(String[]::new));
        K3sCluster cluster =
                new K3sCluster(container, Directories.temporary("module-controller-cluster-"));
        try {
            container.start();
            PrivateFiles.write(cluster.kubeconfig(), container.getKubeConfigYaml());
            return cluster;
        } catch (IOException | RuntimeException e) {
            cluster.close();
            throw new ControlPlaneException(
                    "%s does not start in Docker: %s".formatted(IMAGE, e.getMessage()), e);
        }
    }

    private static List<String> command(K3sContainer container, ControlPlaneOptions options) {
        List<String> command = new ArrayList<>(List.of(container.getCommandParts()));
        if (!options.components().contains(Component.SCHEDULER)) {
            command.add("--disable-scheduler");
        }
        if (!options.components().contains(Component.CONTROLLER_MANAGER)) {
            command.add("--disable-controller-manager");
        }
        options.arguments()
                .forEach((component, flags) ->
                        flags.forEach(flag ->
                                command.add(
                                        ARGUMENT_FLAGS.get(component)
                                                + flag.replaceFirst("^--", ""))));
        return command;
    }

    @Override
    public String origin() {
        return "k3s in Docker";
    }

    @Override
    public Path kubeconfig() {
        return directory.resolve("admin.kubeconfig");
    }

    @Override
    public void killApiServer() {
        throw samePortImpossible();
    }

    @Override
    public void startApiServer() {
        throw samePortImpossible();
    }

    @Override
    public void pauseApiServer() {
        container.getDockerClient().pauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void resumeApiServer() {
        container.getDockerClient().unpauseContainerCmd(container.getContainerId()).exec();
    }

    @Override
    public void close() {
        container.stop();
        Directories.delete(directory);
    }

    private static UnsupportedOperationException samePortImpossible() {
        return new UnsupportedOperationException(
                "Docker gives a restarted container another port; set "
                        + ControlPlaneLookup.ASSETS
                        + " or install Go for this");
    }
}
