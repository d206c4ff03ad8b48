package io.koupleless.controller.simulation;

import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.peers.PeerSettings;
import java.util.Map;
import java.util.Optional;

/** Rule 13, by what Kubernetes does and not by what controllers believe. */
final class PeerInvariants {
    /** Watches tell a little later, and a ReplicaSet's controller works a little later. */
    private static final long LAG = 12_000;

    private final VirtualTime time;
    private final PeerSettings promised;
    private final Map<String, PeerCluster.Machine> machines;
    private long byHand = Long.MIN_VALUE / 2;
    private long changed = Long.MIN_VALUE / 2;

    PeerInvariants(
            VirtualTime time, PeerSettings promised, Map<String, PeerCluster.Machine> machines) {
        this.time = time;
        this.promised = promised;
        this.machines = machines;
    }

    void scaledByHand() {
        byHand = time.millis();
    }

    /** A base came, went, or is another than before. */
    void changed() {
        changed = time.millis();
    }

    void scaled(String by, int from, int to, Optional<ObservedLease> lease) {
        check(
                lease.filter(held -> held.holder().equals(by)).isPresent(),
                "singleton",
                by + " scales, but the Lease is " + lease.map(ObservedLease::holder));
        if (to >= from || unsettled()) {
            return;
        }
        long away = machines.values().stream().filter(PeerInvariants::isAway).count();
        check(
                away * 100 <= (long) machines.size() * promised.brakePercent(),
                "brake",
                away + " of " + machines.size() + " are away, and replicas get fewer");
        long wanting = machines.values().stream().filter(this::wants).count();
        check(to >= wanting, "grace", wanting + " bases want a Pod, and replicas are " + to);
    }

    /** A ReplicaSet has one Pod too many and chose this one. */
    void ended(PeerCluster.Replica pod) {
        String node = pod.node;
        boolean byUs = time.millis() - byHand >= 2 * LAG;
        if (node != null && machines.containsKey(node) && byUs && !unsettled()) {
            throw new Broken("rule 13", pod.node + " is there, its Pod ended");
        }
    }

    private static boolean isAway(PeerCluster.Machine machine) {
        return !(machine.ready && machine.exists);
    }

    private boolean wants(PeerCluster.Machine machine) {
        long away = time.millis() - machine.awaySince;
        return !machine.cordoned
                && (!isAway(machine) || away < promised.notReadyGrace().toMillis());
    }

    /** Nobody can know yet what came, went or changed just now. */
    private boolean unsettled() {
        return time.millis() - changed < LAG;
    }

    private static void check(boolean kept, String rule, String what) {
        if (!kept) {
            throw new Broken(rule, what);
        }
    }
}
