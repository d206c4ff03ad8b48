package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;

/** Counts the results of one probe of one run of a module, as a kubelet does. */
final class ProbeTrack {
    final ProbeKind kind;
    final Probe probe;
    private boolean good;
    private boolean over;
    private boolean lastGood;
    private int inARow;

    /**
     * @param good what holds before the first result
     */
    ProbeTrack(ProbeKind kind, Probe probe, boolean good) {
        this.kind = kind;
        this.probe = probe;
        this.good = good;
    }

    /** What holds now. */
    boolean good() {
        return good;
    }

    /** The run has failed for good: only another run is probed again. */
    boolean failedForGood() {
        return over;
    }

    /**
     * A result came.
     *
     * @return true when what holds has changed, or the run has just failed for good
     */
    boolean took(boolean success) {
        inARow = success == lastGood ? inARow + 1 : 1;
        lastGood = success;
        int needed = success ? probe.successThreshold() : probe.failureThreshold();
        if (over || inARow < needed) {
            return false;
        }
        boolean changed = good != success;
        good = success;
        over = !success && kind != ProbeKind.READINESS;
        return changed || over;
    }

    /** The result just taken is the first bad one in a row. */
    boolean beginsToFail() {
        return !lastGood && inARow == 1;
    }
}
