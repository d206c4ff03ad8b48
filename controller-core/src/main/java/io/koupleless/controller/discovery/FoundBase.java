package io.koupleless.controller.discovery;

/**
 * A base as its source describes it; every text may be empty.
 *
 * @param name what modules choose it by, as {@code baseMetadata.name} of a heartbeat
 * @param version as {@code baseMetadata.version}
 * @param clusterName as {@code baseMetadata.clusterName}
 * @param hostName of the machine or Pod
 */
public record FoundBase(
        BaseAddress address, String name, String version, String clusterName, String hostName) {}
