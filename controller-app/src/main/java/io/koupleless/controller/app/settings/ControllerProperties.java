package io.koupleless.controller.app.settings;

import io.koupleless.controller.ControllerSettings;
import io.koupleless.controller.WorkloadSettings;
import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.node.Place;
import io.koupleless.controller.node.Quantity;
import io.koupleless.controller.peers.PeerSettings;
import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.List;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.NestedConfigurationProperty;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Everything that can be set under {@code module-controller}; {@link SettingsRules} checks it.
 *
 * @param identity Who this controller is in Leases and to the broker: unique per environment, the
 *     same after a restart. Empty takes the host name.
 * @param env Environment whose bases are controlled: a DNS label. Topics and Node names have it in
 *     lower case.
 * @param prefer Tunnel for a base that is reached over both, mqtt or http; the other one takes over
 *     while it fails.
 * @param namespace Namespace of the controller, where it keeps its records.
 * @param recordRetention How long the record of a base outlives its Node.
 * @param stuckAfter A step of a virtual node that takes so long makes the liveness probe fail.
 */
@ConfigurationProperties(prefix = ControllerProperties.PREFIX, ignoreUnknownFields = false)
public record ControllerProperties(
        @DefaultValue("") String identity,
        @DefaultValue("dev") String env,
        @DefaultValue("mqtt") String prefer,
        @DefaultValue("default") String namespace,
        @DefaultValue("24h") Duration recordRetention,
        @DefaultValue("1m") Duration stuckAfter,
        @DefaultValue Lease lease,
        @DefaultValue Health health,
        @DefaultValue Modules modules,
        @DefaultValue Query query,
        @DefaultValue Install install,
        @DefaultValue Uninstall uninstall,
        @DefaultValue Commands commands,
        @DefaultValue Silence silence,
        @DefaultValue Conflict conflict,
        @DefaultValue Backoff backoff,
        @DefaultValue Pods pods,
        @DefaultValue Metaspace metaspace,
        @DefaultValue Capacity capacity,
        @DefaultValue Nodes nodes,
        @DefaultValue Probes probes,
        @DefaultValue Baseline baseline,
        @DefaultValue BasePods basePods,
        @DefaultValue Peers peers,
        @DefaultValue @NestedConfigurationProperty KubernetesProperties kubernetes,
        @DefaultValue @NestedConfigurationProperty MqttProperties mqtt,
        @DefaultValue @NestedConfigurationProperty HttpProperties http) {
    public static final String PREFIX = "module-controller";

    /**
     * Of a base.
     *
     * @param renew How often the Lease of a base is renewed.
     * @param duration How long other controllers believe in a Lease: whole seconds.
     * @param margin How long before the end of a Lease that cannot be renewed commands stop.
     */
    public record Lease(
            @DefaultValue("10s") Duration renew,
            @DefaultValue("40s") Duration duration,
            @DefaultValue("5s") Duration margin) {}

    /**
     * Of a base.
     *
     * @param period Between two questions for the health of a base; spread at random by a little.
     */
    public record Health(@DefaultValue("10s") Duration period) {}

    /**
     * On a base.
     *
     * @param period Between two questions for the modules of a base; spread at random by a little.
     * @param orphans What becomes of modules that no Pod asks for: uninstall-ours removes those
     *     that this controller installed, once their Pod has been missing for pods.orphan-grace;
     *     leave removes none; uninstall removes all, whoever installed them.
     */
    public record Modules(
            @DefaultValue("15s") Duration period,
            @DefaultValue("uninstall-ours") VNodeSettings.Orphans orphans) {}

    /**
     * A question.
     *
     * @param deadline For the answer to a question.
     */
    public record Query(@DefaultValue("5s") Duration deadline) {}

    /**
     * A module.
     *
     * @param deadline For the answer to an install.
     */
    public record Install(@DefaultValue("60s") Duration deadline) {}

    /**
     * A module.
     *
     * @param deadline For the answer to an uninstall.
     */
    public record Uninstall(@DefaultValue("30s") Duration deadline) {}

    /**
     * To a base.
     *
     * @param unanswered Commands without an answer that a base may have.
     */
    public record Commands(@DefaultValue("4") int unanswered) {}

    /**
     * A base without a sign of life.
     *
     * @param notReadyAfter Its Node and Pods are not Ready any more.
     * @param deleteAfter Its Node is deleted, and its module Pods with it. Beyond 5 min the Pods
     *     need tolerations longer than Kubernetes' default of 300 s, or they are evicted earlier.
     */
    public record Silence(
            @DefaultValue("25s") Duration notReadyAfter,
            @DefaultValue("5m") Duration deleteAfter) {}

    /**
     * Two live bases with one identity.
     *
     * @param window Hearing one, the other, and the first again within this time proves it; if that
     *     does not happen for so long, one is left.
     */
    public record Conflict(@DefaultValue("60s") Duration window) {}

    /**
     * After failures.
     *
     * @param first Pause after the first failure; doubled after each further one.
     * @param most Longest pause.
     * @param resetAfter Ready for so long forgets earlier failures.
     */
    public record Backoff(
            @DefaultValue("10s") Duration first,
            @DefaultValue("5m") Duration most,
            @DefaultValue("10m") Duration resetAfter) {}

    /**
     * Module Pods.
     *
     * @param creatingDelay A Pod that is Ready sooner never gets a ContainerCreating status.
     * @param orphanGrace Before a module of ours is removed whose Pod vanished unseen.
     * @param listPeriod Between two lists of all Pods on a Node, which find those without our
     *     label; a fifth of it while there are any.
     * @param withoutLabel Whether a Pod on one of our Nodes counts as a module Pod without our
     *     label too. All Pods of the cluster are watched then.
     */
    public record Pods(
            @DefaultValue("1s") Duration creatingDelay,
            @DefaultValue("10m") Duration orphanGrace,
            @DefaultValue("5m") Duration listPeriod,
            @DefaultValue("false") boolean withoutLabel) {}

    /**
     * Of a base's JVM.
     *
     * @param stopPercent More metaspace in use, in percent of its maximum, is pressure: the Node
     *     tells of it, and modules that failed are not installed again.
     * @param clearPercent Less metaspace in use, in percent of its maximum, ends the pressure; at
     *     most stop-percent.
     * @param refuseInstalls Whether under pressure modules are not installed for the first time
     *     either.
     * @param reinstallsPerHour Reinstalls that a base takes while its metaspace does not fall.
     * @param reserved Metaspace of each base that Pods cannot request: a quantity.
     */
    public record Metaspace(
            @DefaultValue("85") int stopPercent,
            @DefaultValue("80") int clearPercent,
            @DefaultValue("false") boolean refuseInstalls,
            @DefaultValue("10") int reinstallsPerHour,
            @DefaultValue("64Mi") String reserved) {}

    /**
     * Of bases.
     *
     * @param carriedPrefixes Labels and annotations of a base, or of its Pod, that its Node
     *     carries: those that begin so. Each has a domain: example.com/ or example.com/team-. Empty
     *     carries none.
     * @param zone topology.kubernetes.io/zone of bases of which nobody knows it.
     * @param region topology.kubernetes.io/region of bases of which nobody knows it.
     */
    public record Nodes(
            @DefaultValue("custom.koupleless.io/") List<String> carriedPrefixes,
            @DefaultValue("") String zone,
            @DefaultValue("") String region) {

        public CarriedKeys carried() {
            return new CarriedKeys(carriedPrefixes);
        }
    }

    /**
     * Of a Node.
     *
     * @param pods Pods that a Node takes whose base does not say how many modules it takes.
     * @param cpuOvercommit CPUs of a Node: the processors of the base times this.
     * @param unlimitedMemory Memory of a Node whose base has no limit on metaspace: a quantity.
     */
    public record Capacity(
            @DefaultValue("65535") int pods,
            @DefaultValue("10") int cpuOvercommit,
            @DefaultValue("4Gi") String unlimitedMemory) {}

    /**
     * Probes and preStop hooks of modules.
     *
     * @param concurrency Probes and hooks under way at once; others wait for their turn.
     * @param perBase Probes under way at once on one base, so that one that hangs holds back no
     *     other.
     * @param basePort What the port name {@code base} means in a probe or hook where the base's Pod
     *     is not known or lists no port; 0 for nothing.
     * @param anyHost Whether a probe or hook may name another host than the base's own address:
     *     whoever may create Pods can then have the controller call whatever it reaches.
     */
    public record Probes(
            @DefaultValue("256") int concurrency,
            @DefaultValue("8") int perBase,
            @DefaultValue("0") int basePort,
            @DefaultValue("false") boolean anyHost) {}

    /**
     * What a base is given that runs nothing yet.
     *
     * @param workloads Modules of DaemonSets that match a base are part of its baseline before
     *     their Pods exist, and those of peer Deployments if {@code peers.enabled}; needs the right
     *     to list and watch DaemonSets.
     * @param unwantedGrace Before such a module is removed whose Pod has not come and is not wanted
     *     any more.
     */
    public record Baseline(
            @DefaultValue("true") boolean workloads, @DefaultValue("1m") Duration unwantedGrace) {}

    /**
     * In which bases run.
     *
     * @param selector Labels of these Pods, as for {@code kubectl -l}: their readiness gate {@code
     *     module-controller.koupleless.io/modules-ready} is kept, and their end is heard of, over
     *     any tunnel. Empty takes that of {@code http.pods.selector}, else {@code
     *     base.koupleless.io/name}.
     * @param readyDelay The gate opens so long after the Node of the base is Ready at the earliest.
     */
    public record BasePods(
            @DefaultValue("") String selector, @DefaultValue("5s") Duration readyDelay) {
        private static final String NAMED = "base.koupleless.io/name";

        private String selector(String ofHttp) {
            return !selector.isBlank() ? selector : !ofHttp.isBlank() ? ofHttp : NAMED;
        }
    }

    /**
     * Deployments with one replica for each base that they match.
     *
     * @param enabled Their replicas are set; needs the right to list and watch Deployments and
     *     HorizontalPodAutoscalers, and to patch {@code deployments/scale}.
     * @param notReadyGrace A base without a Pod that is not Ready counts for so long, and one whose
     *     Node somebody deleted while a Pod is still there.
     * @param quietAfterStart Nothing is scaled down for so long after a start of the controller.
     * @param brakePercent Nothing is scaled down while more of the Nodes, in percent, are not
     *     Ready, or have just gone, at once.
     */
    public record Peers(
            @DefaultValue("false") boolean enabled,
            @DefaultValue("1m") Duration notReadyGrace,
            @DefaultValue("5m") Duration quietAfterStart,
            @DefaultValue("55") int brakePercent) {}

    /** What the core wants to know. */
    public ControllerSettings toSettings(String instance, String version) {
        return new ControllerSettings(
                namespace,
                version,
                pods.withoutLabel,
                new VNodeSettings(
                        instance,
                        env,
                        times(),
                        limits(),
                        new VNodeSettings.Nodes(
                                nodes.carried(), new Place(nodes.zone, nodes.region)),
                        new VNodeSettings.Metaspace(
                                Math.min(metaspace.clearPercent, metaspace.stopPercent),
                                metaspace.refuseInstalls,
                                Quantity.bytes(metaspace.reserved)),
                        modules.orphans,
                        probing(),
                        new VNodeSettings.BaseStart(baseline.unwantedGrace, basePods.readyDelay)),
                new WorkloadSettings(
                        baseline.workloads,
                        peers.enabled,
                        new PeerSettings(
                                peers.notReadyGrace, peers.quietAfterStart, peers.brakePercent)),
                basePods.selector(http.pods().selector()),
                recordRetention,
                kubernetes.staleAfter(),
                stuckAfter);
    }

    private VNodeSettings.Times times() {
        return new VNodeSettings.Times(
                lease.renew,
                lease.duration,
                lease.margin,
                health.period,
                modules.period,
                query.deadline,
                install.deadline,
                uninstall.deadline,
                silence.notReadyAfter,
                silence.deleteAfter,
                backoff.first,
                backoff.most,
                backoff.resetAfter,
                pods.creatingDelay,
                pods.orphanGrace,
                pods.listPeriod,
                conflict.window,
                kubernetes.writeRetry());
    }

    private VNodeSettings.Probing probing() {
        return new VNodeSettings.Probing(
                probes.concurrency, probes.perBase, probes.basePort, probes.anyHost);
    }

    private VNodeSettings.Limits limits() {
        return new VNodeSettings.Limits(
                commands.unanswered,
                metaspace.reinstallsPerHour,
                metaspace.stopPercent,
                capacity.pods,
                capacity.cpuOvercommit,
                capacity.unlimitedMemory);
    }
}
