package io.koupleless.controller.kube;

import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;

/** Hears of workloads that want a module Pod on each Node; marks and returns. */
public interface WorkloadListener {
    /** Added or changed. */
    void workloadSeen(Workload workload);

    /** Gone, or no longer one of those. */
    void workloadUnseen(Workload last);

    void autoscalerSeen(Autoscaler autoscaler);

    void autoscalerUnseen(Autoscaler autoscaler);

    /** All that was there at the start has been told; once. */
    void synced();
}
