package io.koupleless.controller.kube;

import io.koupleless.controller.pod.PodOfBase;

/** Hears of the Pods that bases run in; marks and returns. */
public interface BasePodListener {
    /** Added or changed. */
    void basePodSeen(PodOfBase pod);

    /** Gone, or no base runs in it any more. */
    void basePodUnseen(PodOfBase last);
}
