package io.koupleless.controller.testkit.controlplane;

import java.nio.file.Path;

/** A cluster that runs, whatever runs it. */
interface Cluster extends AutoCloseable {
    /** Where it came from, in a few words. */
    String origin();

    /** Of a user who may do everything. */
    Path kubeconfig();

    /** SIGKILL or its like; what it stored stays. */
    void killApiServer();

    /** The killed API server again, on the same port. */
    void startApiServer();

    /** It accepts connections but answers nothing. */
    void pauseApiServer();

    void resumeApiServer();

    @Override
    void close();
}
