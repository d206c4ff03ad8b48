package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.CloseAtExit;
import io.kubernetes.client.openapi.ApiClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;

/** A Kubernetes control plane that is up and answers. */
public final class ControlPlane implements AutoCloseable {
    private static final Duration FIRST_ACCOUNT = Duration.ofSeconds(60);

    private final Cluster cluster;
    private final Kubeconfig access;
    private final AtomicBoolean closed = new AtomicBoolean();

    private ControlPlane(Cluster cluster) {
        this.cluster = cluster;
        this.access = Kubeconfig.read(cluster.kubeconfig());
    }

    /** The first way that {@link ControlPlaneLookup} finds, up to the default service account. */
    public static ControlPlane start(ControlPlaneOptions options) {
        return start(ControlPlaneLookup.ofThisMachine().find(options), options);
    }

    public static ControlPlane start(ControlPlaneOrigin origin, ControlPlaneOptions options) {
        Cluster cluster =
                switch (origin) {
                    case ControlPlaneOrigin.Given(Path kubeconfig) -> new GivenCluster(kubeconfig);
                    case ControlPlaneOrigin.Docker() -> K3sCluster.start(options);
                    case ControlPlaneOrigin.Assets(Path directory) ->
                            LocalCluster.start(directory, "programs of " + directory, options);
                    case ControlPlaneOrigin.Built(Path directory) -> {
                        KubernetesBinaries.complete(directory, options.progress());
                        yield LocalCluster.start(directory, "built from source", options);
                    }
                };
        ControlPlane controlPlane = new ControlPlane(cluster);
        CloseAtExit.add(controlPlane);
        try {
            controlPlane.awaitUsable(options);
            return controlPlane;
        } catch (RuntimeException e) {
            controlPlane.close();
            throw e;
        }
    }

    /** The API server's address. */
    public String url() {
        return access.url();
    }

    /** What the API server's certificate is checked against. */
    public String caPem() {
        return access.caPem();
    }

    /** A token of a user who may do everything; not every given or k3s cluster has one. */
    public String adminToken() {
        return access.token()
                .orElseThrow(() ->
                        new UnsupportedOperationException(
                                origin() + " knows its admin by certificate: use admin()"));
    }

    /** The admin's kubeconfig. */
    public Path kubeconfig() {
        return cluster.kubeconfig();
    }

    /** The server's version, without the v. */
    public String version() {
        String text = admin().get(new ApiPath("/version")).path("gitVersion").asString();
        return text.replaceFirst("^v", "");
    }

    /** Where it came from, in a few words. */
    public String origin() {
        return cluster.origin();
    }

    /** Writes a kubeconfig for the owner of a token. */
    public Path writeKubeconfig(Path file, String token, String namespace) {
        access.write(file, token, namespace);
        return file;
    }

    /** Somebody who may do everything. */
    public ClusterUser admin() {
        return new ClusterUser(Kubeconfig.client(kubeconfig()));
    }

    /** The owner of a token. */
    public ClusterUser user(String token) {
        return new ClusterUser(client(token));
    }

    /** The official client, for the owner of a token. */
    public ApiClient client(String token) {
        return access.client(token);
    }

    /** SIGKILL to the API server; what is stored stays. */
    public void killApiServer() {
        cluster.killApiServer();
    }

    /** The killed API server again, same port and certificate; returns when it is ready. */
    public void startApiServer() {
        cluster.startApiServer();
    }

    /** SIGSTOP: the API server accepts connections and answers nothing. */
    public void pauseApiServer() {
        cluster.pauseApiServer();
    }

    /** SIGCONT. */
    public void resumeApiServer() {
        cluster.resumeApiServer();
    }

    /** Ends every process and deletes all state; a given cluster is left alone. */
    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            CloseAtExit.remove(this);
            cluster.close();
        }
    }

    private void awaitUsable(ControlPlaneOptions options) {
        if (options.components().contains(Component.CONTROLLER_MANAGER)) {
            admin().await(ApiPath.serviceAccount("default", "default"), FIRST_ACCOUNT, _ -> true);
        }
    }
}
