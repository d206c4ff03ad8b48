package io.koupleless.controller.pod;

import java.time.Duration;

/**
 * Asks a module from time to time how it is; every field means what it means to a kubelet.
 *
 * @param initialDelay since the module became active
 * @param timeout for one answer
 * @param successThreshold good answers in a row that end a failure
 * @param failureThreshold bad answers in a row that make one
 * @param grace longest time of a preStop hook before a module that failed is installed again
 */
public record Probe(
        Check check,
        Duration initialDelay,
        Duration period,
        Duration timeout,
        int successThreshold,
        int failureThreshold,
        Duration grace) {}
