package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.controlplane.ControlPlane;
import java.time.Duration;

/** Tells the user what can be done with a playground that is up. */
record Invitation(Terminal terminal, Cast cast, ControlPlane controlPlane, Duration elapsed) {
    void print() {
        cast.reportEndsTo(terminal);
        terminal.say(
                """

                %s Try in another terminal:

                  export KUBECONFIG=%s
                  kubectl get nodes -L base.koupleless.io/host-name,vnode.koupleless.io/tunnel
                  kubectl get pods -o wide --watch
                  kubectl scale deployment biz1 --replicas=1

                Logs: %s
                Ctrl-C ends everything.\
                """
                        .formatted(
                                terminal.bold("Up after %d s.".formatted(elapsed.toSeconds())),
                                controlPlane.kubeconfig(),
                                cast.logs()));
    }
}
