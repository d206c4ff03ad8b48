package io.koupleless.controller.testkit.controlplane;

import java.nio.file.Path;

/** Where a control plane comes from. */
public sealed interface ControlPlaneOrigin {
    /** A cluster that is there already. */
    record Given(Path kubeconfig) implements ControlPlaneOrigin {}

    /** A directory with the programs, as envtest knows it. */
    record Assets(Path directory) implements ControlPlaneOrigin {}

    /** k3s in a container. */
    record Docker() implements ControlPlaneOrigin {}

    /** The programs in the per-user cache, built there by the Go toolchain first if need be. */
    record Built(Path directory) implements ControlPlaneOrigin {}
}
