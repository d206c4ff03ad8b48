package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import java.nio.file.Path;
import java.time.Duration;

/** The controller's own account in the cluster, with the rights that the chart gives it. */
final class ControllerAccount {
    static final String NAMESPACE = "module-controller";

    /** As the chart calls what lies outside the namespace. */
    static final String ROLE = "module-controller-module-controller";

    private static final String NAME = "module-controller";
    private static final String RIGHTS = "controller-rbac.yaml";

    private ControllerAccount() {}

    /** Creates account and rights, and writes a kubeconfig with the account's token. */
    static Path create(ControlPlane controlPlane, Path file) {
        ClusterUser admin = controlPlane.admin();
        admin.apply(TextResource.read(RIGHTS));
        admin.await(ApiPath.serviceAccount(NAMESPACE, NAME), Duration.ofSeconds(10), _ -> true);
        return controlPlane.writeKubeconfig(file, admin.token(NAMESPACE, NAME), NAMESPACE);
    }
}
