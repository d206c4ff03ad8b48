package io.koupleless.controller.kube;

import io.koupleless.controller.node.CarriedKeys;
import java.util.Optional;

/**
 * Which Pods run bases, and what is assumed of those that do not say.
 *
 * @param env whose virtual Nodes carry modules, not bases
 * @param selector of labels, as kubectl takes it
 * @param namespace empty for all
 * @param port where arklet listens unless the Pod says otherwise
 * @param clusterName of bases without that label
 * @param carried labels and annotations of the Pod that the base's Node carries
 */
public record BasePodSettings(
        String env,
        String selector,
        Optional<String> namespace,
        int port,
        String clusterName,
        CarriedKeys carried) {
    public static final int DEFAULT_PORT = 1238;
    public static final String DEFAULT_CLUSTER_NAME = "default";
    private static final int LARGEST_PORT = 65_535;

    public BasePodSettings {
        if (selector.isBlank()) {
            throw new IllegalArgumentException("an empty selector takes every Pod for a base");
        }
        if (!isPort(port)) {
            throw new IllegalArgumentException("the port must be 1 to 65535: " + port);
        }
    }

    static boolean isPort(int number) {
        return number >= 1 && number <= LARGEST_PORT;
    }
}
