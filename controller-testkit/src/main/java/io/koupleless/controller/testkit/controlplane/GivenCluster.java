package io.koupleless.controller.testkit.controlplane;

import java.nio.file.Path;

/** Somebody else's cluster: used, but neither harmed nor ended. */
record GivenCluster(Path kubeconfig) implements Cluster {
    @Override
    public String origin() {
        return "the cluster of " + kubeconfig;
    }

    @Override
    public void killApiServer() {
        throw notOurs();
    }

    @Override
    public void startApiServer() {
        throw notOurs();
    }

    @Override
    public void pauseApiServer() {
        throw notOurs();
    }

    @Override
    public void resumeApiServer() {
        throw notOurs();
    }

    @Override
    public void close() {}

    private static UnsupportedOperationException notOurs() {
        return new UnsupportedOperationException("the API server of a given cluster is left alone");
    }
}
