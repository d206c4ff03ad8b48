package io.koupleless.controller.workload;

/**
 * A HorizontalPodAutoscaler of a Deployment, which sets its replicas.
 *
 * @param deployment name; of the same namespace
 */
public record Autoscaler(String namespace, String name, String deployment) {
    public boolean scales(WorkloadRef workload) {
        return namespace.equals(workload.namespace()) && deployment.equals(workload.name());
    }

    /** The same object, whatever it scales. */
    public boolean isSameAs(Autoscaler other) {
        return namespace.equals(other.namespace) && name.equals(other.name);
    }
}
