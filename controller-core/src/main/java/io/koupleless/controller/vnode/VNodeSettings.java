package io.koupleless.controller.vnode;

import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.node.Place;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.List;

/**
 * Every time and limit of a virtual node.
 *
 * @param identity who we are in Leases
 * @param env as configured; label and taint values keep its case
 * @param times deadlines and periods
 * @param limits counts and sizes
 * @param nodes what Nodes show
 * @param metaspace when it is short
 * @param orphans what becomes of modules that no Pod asks for
 * @param probing how modules are probed
 * @param baseStart when a base has what it should have
 */
public record VNodeSettings(
        String identity,
        String env,
        Times times,
        Limits limits,
        Nodes nodes,
        Metaspace metaspace,
        Orphans orphans,
        Probing probing,
        BaseStart baseStart) {

    /** All else by default. */
    public VNodeSettings(String identity, String env, Times times, Limits limits) {
        this(
                identity,
                env,
                times,
                limits,
                Nodes.defaults(),
                Metaspace.defaults(),
                Orphans.UNINSTALL_OURS,
                Probing.defaults(),
                BaseStart.defaults());
    }

    /**
     * What becomes of modules that no Pod asks for. One whose Pod was seen to end is none of them:
     * it is uninstalled under any policy. Nor is the base itself ever one.
     */
    public enum Orphans {
        /** Those that the record calls ours, once their Pod has been missing for the grace. */
        UNINSTALL_OURS,
        /** None; whoever wants them gone uninstalls them. */
        LEAVE,
        /** All, whoever installed them, after the grace and a live list of the Node's Pods. */
        UNINSTALL
    }

    /**
     * What Nodes show beyond what every base tells.
     *
     * @param carried labels and annotations of bases that their Nodes carry
     * @param place of bases of which nobody knows it
     */
    public record Nodes(CarriedKeys carried, Place place) {
        public static Nodes defaults() {
            return new Nodes(new CarriedKeys(List.of("custom.koupleless.io/")), Place.UNKNOWN);
        }
    }

    /**
     * The metaspace of a base with a limit.
     *
     * @param clearPercent of the maximum in use ends the pressure that {@link
     *     Limits#metaspacePercent} began
     * @param refuseInstalls under pressure nothing is installed for the first time either
     * @param reserved bytes that no Pod may request: what the base itself needs
     */
    public record Metaspace(int clearPercent, boolean refuseInstalls, long reserved) {
        public static Metaspace defaults() {
            return new Metaspace(80, false, 64L << 20);
        }
    }

    /**
     * @param concurrency probes and hooks under way in this process
     * @param perBase probes under way on one base
     * @param basePort what the port name {@code base} means where the base's Pod is not known or
     *     lists none; 0 for nothing
     * @param anyHost a probe or a hook may name any host
     */
    public record Probing(int concurrency, int perBase, int basePort, boolean anyHost) {
        public static Probing defaults() {
            return new Probing(256, 8, 0, false);
        }
    }

    /**
     * A base that has just started, and the workloads that want a Pod on it.
     *
     * @param unwantedGrace before a module is removed whose Pod has not come and is not wanted any
     *     more
     * @param readyDelay the readiness gate of the base's Pod opens so long after the Node is Ready
     *     at the earliest: Pods have to be made first
     */
    public record BaseStart(Duration unwantedGrace, Duration readyDelay) {
        public static BaseStart defaults() {
            return new BaseStart(Duration.ofMinutes(1), Duration.ofSeconds(5));
        }
    }

    /**
     * @param leaseRenew how often the Lease is renewed
     * @param leaseDuration how long others believe in it
     * @param leaseMargin how long before its end we stop commanding
     * @param healthPeriod between two health questions
     * @param modulesPeriod between two module list questions
     * @param queryDeadline for an answer to either
     * @param installDeadline for an install's answer
     * @param uninstallDeadline for an uninstall's answer
     * @param silentAfter without a sign of life: not Ready
     * @param deleteAfter without a sign of life: Node deleted
     * @param backoffFirst pause after the first failure, doubled each time
     * @param backoffMost longest pause
     * @param backoffReset Ready for so long forgets earlier failures
     * @param creatingDelay a Pod that is Ready sooner never gets a ContainerCreating status
     * @param orphanGrace before a module of ours is removed whose Pod vanished unseen
     * @param podsPeriod between two lists of all Pods on the Node; a fifth of it while some of them
     *     are told of by no watch
     * @param identityWindow in which two live bases with one identity prove themselves
     * @param writeRetry pause after a failed write, doubled up to {@code backoffMost}
     */
    public record Times(
            Duration leaseRenew,
            Duration leaseDuration,
            Duration leaseMargin,
            Duration healthPeriod,
            Duration modulesPeriod,
            Duration queryDeadline,
            Duration installDeadline,
            Duration uninstallDeadline,
            Duration silentAfter,
            Duration deleteAfter,
            Duration backoffFirst,
            Duration backoffMost,
            Duration backoffReset,
            Duration creatingDelay,
            Duration orphanGrace,
            Duration podsPeriod,
            Duration identityWindow,
            Duration writeRetry) {

        /** For an answer to a command. */
        Duration deadline(Operation operation) {
            return operation == Operation.INSTALL ? installDeadline : uninstallDeadline;
        }

        public static Times defaults() {
            return new Times(
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(40),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(5),
                    Duration.ofSeconds(60),
                    Duration.ofSeconds(30),
                    Duration.ofSeconds(25),
                    Duration.ofMinutes(5),
                    Duration.ofSeconds(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(10),
                    Duration.ofSeconds(1),
                    Duration.ofMinutes(10),
                    Duration.ofMinutes(5),
                    Duration.ofMinutes(1),
                    Duration.ofSeconds(1));
        }
    }

    /**
     * @param unanswered commands without an answer that a base may have
     * @param reinstallsPerHour that a base takes without its metaspace falling
     * @param metaspacePercent of the maximum in use is pressure, and stops reinstalls
     * @param pods capacity of the Node
     * @param cpuOvercommit Node cpu = processors of the JVM times this
     * @param unlimitedMemory Node memory of a base whose metaspace has no limit, a quantity
     */
    public record Limits(
            int unanswered,
            int reinstallsPerHour,
            int metaspacePercent,
            int pods,
            int cpuOvercommit,
            String unlimitedMemory) {

        public static Limits defaults() {
            return new Limits(4, 10, 85, 65535, 10, "4Gi");
        }
    }
}
