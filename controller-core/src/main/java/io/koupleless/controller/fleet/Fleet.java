package io.koupleless.controller.fleet;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.node.NodeBase;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.VNode;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings every fact to the virtual node that it concerns, and makes a virtual node for every base
 * that is heard of and every Node that is found.
 */
public final class Fleet {
    private static final Logger LOG = LoggerFactory.getLogger(Fleet.class);
    private static final Duration ANEW_AFTER = Duration.ofSeconds(5);
    private static final int REMEMBERED = 1_000;
    private static final NodeName NOBODY = new NodeName("lost-bases");

    private final VNodeSettings settings;
    private final FleetWorld world;
    private final Map<NodeName, RunningNode> nodes = new ConcurrentHashMap<>();
    private final Map<String, Boolean> refused = bounded();
    private final Map<String, Boolean> retiredUids = bounded();

    /** A base asks for its baseline once, and right before its first heartbeat. */
    private final Map<NodeName, Fact.Heard> askedTooSoon = bounded();

    private final LostBases lost;
    private final Object making = new Object();
    private final WorkloadBoard workloads = new WorkloadBoard();
    private final BasePodBoard basePods = new BasePodBoard();

    public Fleet(VNodeSettings settings, FleetWorld world) {
        this.settings = settings;
        this.world = world;
        this.lost = new LostBases(settings.times(), world, world.randomFor(NOBODY), REMEMBERED);
        world.attach(this);
        FleetGauges.register(this, world.metrics().registry());
    }

    private static <K, V> Map<K, V> bounded() {
        return new LinkedHashMap<>() {
            @Override
            protected boolean removeEldestEntry(Map.Entry<K, V> eldest) {
                return size() > REMEMBERED;
            }
        };
    }

    public Collection<RunningNode> running() {
        return nodes.values();
    }

    /** Virtual nodes whose current step has been going on for longer than this. */
    public long stuck(Duration limit) {
        return nodes.values().stream().filter(n -> n.stuck(limit.toNanos())).count();
    }

    /** The one switch over what tunnels tell; never blocks. */
    public void onEvent(String tunnel, TunnelEvent event) {
        switch (event) {
            case TunnelEvent.LinkChanged(boolean up) -> {
                synchronized (making) {
                    world.links().changed(tunnel, up);
                    nodes.values().forEach(n -> n.post(new Fact.LinkChanged(tunnel, up)));
                }
            }
            case TunnelEvent.OfBase ofBase -> ofBase(tunnel, ofBase);
        }
    }

    private void ofBase(String tunnel, TunnelEvent.OfBase event) {
        Optional<NodeName> name = NodeName.of(event.base(), settings.env());
        if (name.isEmpty()) {
            refuse(event.base());
            return;
        }
        RunningNode node = nodes.get(name.get());
        if (node == null && event instanceof TunnelEvent.BaseSeen(Base seen)) {
            node = make(name.get(), seen, tunnel);
        }
        if (node == null && event instanceof TunnelEvent.HealthReported) {
            node = lost.remove(name.get()).map(base -> make(name.get(), base, tunnel)).orElse(null);
        }
        if (node == null && event instanceof TunnelEvent.BaselineAsked) {
            synchronized (making) {
                askedTooSoon.put(name.get(), new Fact.Heard(tunnel, event));
            }
            return;
        }
        if (node == null) {
            world.metrics().dropped(tunnel, "unknown-base");
            return;
        }
        if (!node.base().equals(event.base())) {
            refuse(event.base());
            return;
        }
        if (!node.hear(tunnel, event)) {
            world.metrics().dropped(tunnel, "overflow");
        } else if (event instanceof TunnelEvent.BaseSeen(Base seen)) {
            located(node, seen.ip());
        }
    }

    private void refuse(BaseId base) {
        boolean first;
        synchronized (making) {
            first = refused.putIfAbsent(base.value(), true) == null;
        }
        world.metrics().refused("name");
        if (first) {
            LOG.atWarn()
                    .addKeyValue("identity", shortened(base.value()))
                    .log("No Node can be named after this base, or another base has that name");
        }
    }

    private static String shortened(String identity) {
        return identity.length() <= 80 ? identity : identity.substring(0, 80) + "…";
    }

    private RunningNode make(NodeName name, Base base, String tunnel) {
        RunningNode node;
        synchronized (making) {
            RunningNode known = nodes.get(name);
            if (known != null) {
                return known;
            }
            VNode vnode =
                    new VNode(
                            settings,
                            world.links(),
                            base,
                            tunnel,
                            world.randomFor(name),
                            world.now());
            node = new RunningNode(name, base.id(), vnode, world);
            nodes.put(name, node);
            world.caches().node(name).ifPresent(n -> node.post(new Fact.NodeSeen(Optional.of(n))));
            world.links().state().forEach((way, up) -> node.post(new Fact.LinkChanged(way, up)));
            workloads.all().ifPresent(all -> node.post(new Fact.WorkloadsSeen(all)));
            located(node, base.ip());
            Optional.ofNullable(askedTooSoon.remove(name)).ifPresent(node::post);
        }
        lost.remove(name);
        LOG.atInfo().addKeyValue("node", name).addKeyValue("tunnel", tunnel).log("Base found");
        seed(node);
        return node;
    }

    /** Outside the lock: the cache calls back under its own, in order with all other news. */
    private void seed(RunningNode node) {
        world.caches().replay(node.name());
        if (world.caches().synced()) {
            node.post(new Fact.PodsSynced());
        }
        node.post(new Fact.Woken());
    }

    public void podSeen(ModulePod pod) {
        post(pod.nodeName(), new Fact.PodSeen(pod));
    }

    public void podUnseen(String nodeName, PodRef pod) {
        post(nodeName, new Fact.PodUnseen(pod));
    }

    public void podsSynced() {
        synchronized (making) {
            nodes.values().forEach(node -> node.post(new Fact.PodsSynced()));
        }
    }

    public void workloadSeen(Workload workload) {
        synchronized (making) {
            tellWorkloads(workloads.seen(workload));
        }
    }

    public void workloadUnseen(Workload last) {
        synchronized (making) {
            tellWorkloads(workloads.unseen(last));
        }
    }

    public void workloadsSynced() {
        synchronized (making) {
            tellWorkloads(workloads.synced());
        }
    }

    private void tellWorkloads(boolean news) {
        if (news) {
            Fact all = new Fact.WorkloadsSeen(workloads.all().orElseThrow());
            nodes.values().forEach(node -> node.post(all));
        }
    }

    public void basePodSeen(PodOfBase pod) {
        synchronized (making) {
            basePods.seen(pod).forEach(this::tellBasePods);
        }
    }

    public void basePodUnseen(PodOfBase last) {
        synchronized (making) {
            basePods.unseen(last).forEach(this::tellBasePods);
        }
    }

    private void tellBasePods(String ip) {
        Fact pods = new Fact.BasePodsSeen(basePods.podsAt(ip));
        basePods.nodesAt(ip).stream()
                .map(nodes::get)
                .filter(Objects::nonNull)
                .forEach(node -> node.post(pods));
    }

    private void located(RunningNode node, String ip) {
        synchronized (making) {
            if (basePods.isAt(node.name(), ip) && !basePods.podsAt(ip).isEmpty()) {
                node.post(new Fact.BasePodsSeen(basePods.podsAt(ip)));
            }
        }
    }

    /** A Node that an earlier process made is a base that we know. */
    public void nodeSeen(ObservedNode node) {
        NodeName name = new NodeName(node.name());
        boolean known;
        synchronized (making) {
            if (retiredUids.containsKey(node.uid())) {
                return;
            }
            known = nodes.containsKey(name);
        }
        if (known) {
            post(node.name(), new Fact.NodeSeen(Optional.of(node)));
        } else {
            NodeBase.of(node, settings.env())
                    .ifPresent(base -> {
                        make(name, base, NodeBase.tunnel(node));
                        world.links().remember(base);
                    });
        }
    }

    public void nodeUnseen(String name) {
        post(name, new Fact.NodeSeen(Optional.empty()));
    }

    private void post(String nodeName, Fact fact) {
        synchronized (making) {
            RunningNode node = nodes.get(new NodeName(nodeName));
            if (node != null) {
                node.post(fact);
            }
        }
    }

    void retired(RunningNode node) {
        synchronized (making) {
            nodes.remove(node.name(), node);
            node.silent().ifPresent(base -> lost.add(node.name(), base.seen(), base.tunnel()));
            basePods.forget(node.name());
            world.caches().node(node.name()).ifPresent(n -> retiredUids.put(n.uid(), true));
        }
        LOG.atInfo().addKeyValue("node", node.name()).log("Base gone, its Node is deleted");
    }

    void failed(RunningNode node) {
        synchronized (making) {
            nodes.remove(node.name(), node);
            basePods.forget(node.name());
        }
        long later = world.ticker().nanos() + ANEW_AFTER.toNanos();
        world.timers().at(later, () -> world.caches().node(node.name()).ifPresent(this::nodeSeen));
    }

    public void stop() {
        lost.stop();
        nodes.values().forEach(RunningNode::stop);
    }
}
