package io.koupleless.controller;

import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;

/**
 * Everything that the controller can be told.
 *
 * @param namespace ours; holds the records
 * @param version of this controller, as Nodes and Events show it
 * @param allAreModules a Pod on one of our Nodes counts as a module's without our label too
 * @param vnode times and limits of every virtual node, and who we are
 * @param workloads what is done with those that want a module Pod on each base
 * @param basePodSelector labels of Pods that run bases
 * @param recordRetention how long a record outlives its Node
 * @param staleAfter watches that heard nothing for so long are stale
 * @param stuckAfter a step that takes so long is stuck
 */
public record ControllerSettings(
        String namespace,
        String version,
        boolean allAreModules,
        VNodeSettings vnode,
        WorkloadSettings workloads,
        String basePodSelector,
        Duration recordRetention,
        Duration staleAfter,
        Duration stuckAfter) {}
