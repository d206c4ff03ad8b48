package io.koupleless.controller.app.kube;

import io.koupleless.controller.testkit.controlplane.Component;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.ControlPlaneOptions;
import io.koupleless.controller.testkit.process.CloseAtExit;

/**
 * A cluster where nobody acts but the test: started by the first class of this JVM that wants it,
 * ended with the JVM. Each class has namespaces of its own.
 */
final class ApiServerAlone {
    private static final ControlPlane CONTROL_PLANE =
            ControlPlane.start(
                    ControlPlaneOptions.defaults()
                            .without(Component.CONTROLLER_MANAGER)
                            .without(Component.SCHEDULER));

    static {
        CloseAtExit.addFirst(CONTROL_PLANE);
    }

    private ApiServerAlone() {}

    static ControlPlane get() {
        return CONTROL_PLANE;
    }
}
