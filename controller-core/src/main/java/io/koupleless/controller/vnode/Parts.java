package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.node.Capacity;
import io.koupleless.controller.node.NodeTemplate;
import java.util.random.RandomGenerator;

/** The parts of one virtual node; each keeps what it alone decides about. */
record Parts(
        BaseWatch watch,
        LeaseHold lease,
        Ledger ledger,
        Pods pods,
        ModuleKeeper modules,
        NodeKeeper node,
        PodKeeper podKeeper,
        ContainerViews views,
        RolloutGate gate) {

    static Parts of(
            VNodeSettings settings,
            Channels channels,
            Base base,
            RandomGenerator random,
            Moment now) {
        VNodeSettings.Times times = settings.times();
        BaseWatch watch = new BaseWatch(base, channels, times, random, now);
        Ledger ledger = new Ledger(times, now);
        Pods pods = new Pods(times, now);
        ProbeTargets targets = new ProbeTargets(settings.probing());
        ModuleKeeper modules =
                new ModuleKeeper(settings, ledger, watch, pods, targets, random, now);
        ContainerViews views =
                new ContainerViews(
                        times.silentAfter().multipliedBy(2),
                        watch,
                        pods,
                        ledger,
                        modules.slots(),
                        modules.failures(),
                        modules.probes(),
                        targets);
        return new Parts(
                watch,
                new LeaseHold(settings, now),
                ledger,
                pods,
                modules,
                new NodeKeeper(template(settings), times, now),
                new PodKeeper(times, watch, pods, ledger, modules, views),
                views,
                new RolloutGate(settings, now));
    }

    private static NodeTemplate template(VNodeSettings settings) {
        VNodeSettings.Limits limits = settings.limits();
        VNodeSettings.Nodes nodes = settings.nodes();
        return new NodeTemplate(
                settings.env(),
                new Capacity(
                        limits.pods(),
                        limits.cpuOvercommit(),
                        limits.unlimitedMemory(),
                        settings.metaspace().reserved()),
                nodes.carried(),
                nodes.place());
    }
}
