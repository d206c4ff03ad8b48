package io.koupleless.controller.discovery;

import io.koupleless.controller.base.BaseTraits;

/**
 * A base as its source describes it; every text may be empty.
 *
 * @param name what modules choose it by, as {@code baseMetadata.name} of a heartbeat
 * @param version as {@code baseMetadata.version}
 * @param clusterName as {@code baseMetadata.clusterName}
 * @param hostName of the machine or Pod
 * @param traits labels, annotations and place
 */
public record FoundBase(
        BaseAddress address,
        String name,
        String version,
        String clusterName,
        String hostName,
        BaseTraits traits) {

    public FoundBase(
            BaseAddress address, String name, String version, String clusterName, String hostName) {
        this(address, name, version, clusterName, hostName, BaseTraits.NONE);
    }
}
