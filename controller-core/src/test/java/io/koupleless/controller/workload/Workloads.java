package io.koupleless.controller.workload;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Workloads for tests. */
public final class Workloads {
    private Workloads() {}

    /** A peer Deployment for the Nodes with this label. */
    public static Workload peer(String name, int replicas, String version, String cluster) {
        return new Workload(
                Workload.Kind.PEER_DEPLOYMENT,
                new WorkloadRef("default", name, "uid of " + name),
                version,
                Instant.EPOCH,
                replicas,
                new Placement("", Map.of("cluster", cluster), Optional.empty(), List.of()),
                List.of());
    }
}
