package io.koupleless.controller.peers;

import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.Versions;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;

/** One peer Deployment and the one write on its way to it. */
final class PeerDeployment {
    private static final int MOST_DOUBLINGS = 8;

    private Workload seen;
    private boolean busy;
    private long notBefore;
    private int failures;
    private String told = "";

    PeerDeployment(Workload seen, Moment now) {
        this.seen = seen;
        this.notBefore = now.nanos();
    }

    Workload seen() {
        return seen;
    }

    /** What is older than our own last write is news of the past. */
    void seen(Workload next) {
        boolean another = !next.ref().equals(seen.ref());
        if (another || Versions.atLeast(next.resourceVersion(), seen.resourceVersion())) {
            seen = next;
        }
    }

    boolean busy() {
        return busy;
    }

    boolean mayWrite(Moment now) {
        return !busy && now.reached(notBefore);
    }

    long nextLook() {
        return busy ? Long.MAX_VALUE : notBefore;
    }

    void writing() {
        busy = true;
    }

    /** True the first time that this is said since something else was. */
    boolean news(String message) {
        boolean news = !told.equals(message);
        told = message;
        return news;
    }

    /** True when the number was set. */
    boolean wrote(PeerEffect.Scale effect, Outcome outcome, Duration retry, Moment now) {
        busy = false;
        if (outcome instanceof Outcome.Written(String version)) {
            failures = 0;
            // Somebody else who sets it too would keep us busy.
            notBefore = now.plus(retry);
            if (seen.ref().equals(effect.deployment().ref())
                    && !Versions.atLeast(seen.resourceVersion(), version)) {
                seen = effect.deployment().scaled(effect.replicas(), version);
            }
            return true;
        }
        notBefore = now.plus(retry.multipliedBy(1L << Math.min(failures, MOST_DOUBLINGS)));
        failures++;
        return false;
    }
}
