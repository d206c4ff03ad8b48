package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.Directories;
import io.koupleless.controller.testkit.process.Launch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;

/** The control plane's programs as processes of this machine, on loopback, in one directory. */
final class LocalCluster implements Cluster {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final LocalLayout layout;
    private final String origin;
    private final Map<Component, ChildProcess> processes = new EnumMap<>(Component.class);

    private LocalCluster(LocalLayout layout, String origin) {
        this.layout = layout;
        this.origin = origin;
    }

    static LocalCluster start(Path programs, String origin, ControlPlaneOptions options) {
        Path directory = Directories.temporary("module-controller-cluster-");
        LocalLayout layout =
                LocalLayout.inside(
                        directory, programs, options.logs().orElse(directory.resolve("logs")));
        LocalCluster cluster = new LocalCluster(layout, origin);
        try {
            cluster.startAll(options);
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new ControlPlaneException("cannot write to %s: %s".formatted(directory, e), e);
        } catch (RuntimeException e) {
            cluster.close();
            throw e;
        }
    }

    private void startAll(ControlPlaneOptions options) throws IOException {
        Directories.create(layout.logs());
        String token = UUID.randomUUID().toString();
        PrivateFiles.writeSigningKey(layout.signingKey());
        PrivateFiles.write(layout.tokens(), token + ",admin,admin,\"system:masters\"\n");

        options.progress().say("starting etcd and kube-apiserver");
        launch(Component.ETCD, layout.etcdFlags(), options);
        launch(Component.API_SERVER, layout.apiServerFlags(), options);
        awaitThat(Component.API_SERVER, () -> Files.size(layout.caCertificate()) > 0);
        new Kubeconfig(layout.url(), Files.readString(layout.caCertificate()), Optional.of(token))
                .write(kubeconfig(), token, "default");
        awaitReady();
        options.progress().say("starting kube-controller-manager and kube-scheduler");
        if (options.components().contains(Component.CONTROLLER_MANAGER)) {
            launch(Component.CONTROLLER_MANAGER, layout.controllerManagerFlags(), options);
        }
        if (options.components().contains(Component.SCHEDULER)) {
            launch(Component.SCHEDULER, layout.schedulerFlags(), options);
        }
    }

    @Override
    public String origin() {
        return origin;
    }

    @Override
    public Path kubeconfig() {
        return layout.directory().resolve("admin.kubeconfig");
    }

    @Override
    public void killApiServer() {
        apiServer().kill();
    }

    @Override
    public void startApiServer() {
        processes.put(Component.API_SERVER, ChildProcess.start(apiServer().launch()));
        awaitReady();
    }

    @Override
    public void pauseApiServer() {
        apiServer().pause();
    }

    @Override
    public void resumeApiServer() {
        apiServer().resume();
    }

    @Override
    public void close() {
        // what it stores goes with it, so there is nothing to be ended gracefully
        List<AutoCloseable> kills = new ArrayList<>();
        processes.values().forEach(process -> kills.add(process::kill));
        ChildProcess.closeAll(kills);
        Directories.delete(layout.directory());
    }

    /** Fails if one of the processes has ended by itself. */
    void requireAlive() {
        processes.values().forEach(ChildProcess::requireAlive);
    }

    private void launch(Component component, List<String> flags, ControlPlaneOptions options) {
        List<String> command = new ArrayList<>();
        command.add(layout.programs().resolve(component.program()).toString());
        command.addAll(flags);
        command.addAll(options.argumentsOf(component));
        Launch launch =
                new Launch(
                                component.program(),
                                layout.logs().resolve(component.program() + ".log"),
                                command)
                        .in(layout.directory());
        processes.put(component, ChildProcess.start(launch));
    }

    private ChildProcess apiServer() {
        ChildProcess apiServer = processes.get(Component.API_SERVER);
        if (apiServer == null) {
            throw new IllegalStateException("the API server was never started");
        }
        return apiServer;
    }

    private void awaitReady() {
        ClusterHttp http = new ClusterHttp(Kubeconfig.client(kubeconfig()));
        awaitThat(Component.API_SERVER, () -> http.answersOk("/readyz"));
    }

    private void awaitThat(Component component, Callable<Boolean> condition) {
        Awaitility.await(component.program() + " is ready")
                .atMost(START_LIMIT)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .ignoreExceptionsMatching(e -> e instanceof IOException)
                .until(() -> {
                    requireAlive();
                    return condition.call();
                });
    }
}
