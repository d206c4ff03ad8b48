package io.koupleless.controller.workload;

/** Which object it is. */
public record WorkloadRef(String namespace, String name, String uid) {
    @Override
    public String toString() {
        return namespace + "/" + name;
    }
}
