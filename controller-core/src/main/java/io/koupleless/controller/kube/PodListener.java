package io.koupleless.controller.kube;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;

/** Hears of module Pods that are bound to a Node; marks and returns, in order, never at once. */
public interface PodListener {
    /** Added or changed; may be repeated. */
    void podSeen(ModulePod pod);

    /**
     * Gone, or only its label is.
     *
     * @param resourceVersion of the last state known
     */
    void podUnseen(String nodeName, PodRef pod, String resourceVersion);

    /** Every Pod that was there at the start has been seen; once. */
    void synced();
}
