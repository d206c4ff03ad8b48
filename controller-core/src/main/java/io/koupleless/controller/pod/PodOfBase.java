package io.koupleless.controller.pod;

/**
 * A Pod that may run a base, whatever the tunnel that the base is reached over.
 *
 * @param ip its first address
 * @param hostName that its containers see
 * @param terminating has a deletionTimestamp
 * @param gated declares the readiness gate of modules
 * @param open that gate's condition is True
 */
public record PodOfBase(
        PodRef ref, String ip, String hostName, boolean terminating, boolean gated, boolean open) {}
