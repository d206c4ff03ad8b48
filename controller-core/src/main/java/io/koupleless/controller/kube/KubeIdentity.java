package io.koupleless.controller.kube;

/**
 * Who we are in the cluster.
 *
 * @param env {@code ENV} verbatim
 * @param namespace ours; holds the records
 * @param instance this replica, as Events name it
 * @param version of this controller
 */
public record KubeIdentity(String env, String namespace, String instance, String version) {}
