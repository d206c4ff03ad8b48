package io.koupleless.controller;

import io.koupleless.controller.peers.PeerSettings;

/**
 * What is done with workloads that want a module Pod on each base.
 *
 * @param baseline DaemonSets are known: their modules are in the baseline of a base before their
 *     Pods exist
 * @param peers peer Deployments are known too, and their replicas are set
 * @param peerSettings when they are
 */
public record WorkloadSettings(boolean baseline, boolean peers, PeerSettings peerSettings) {}
