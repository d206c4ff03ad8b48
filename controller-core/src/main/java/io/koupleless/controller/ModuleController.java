package io.koupleless.controller;

import io.koupleless.controller.fleet.Caches;
import io.koupleless.controller.fleet.Fleet;
import io.koupleless.controller.fleet.FleetMetrics;
import io.koupleless.controller.fleet.FleetWorld;
import io.koupleless.controller.fleet.Links;
import io.koupleless.controller.fleet.PeerRunner;
import io.koupleless.controller.kube.BasePodInformer;
import io.koupleless.controller.kube.BasePodListener;
import io.koupleless.controller.kube.KubeClients;
import io.koupleless.controller.kube.KubeEffects;
import io.koupleless.controller.kube.KubeIdentity;
import io.koupleless.controller.kube.NodeInformer;
import io.koupleless.controller.kube.NodeListener;
import io.koupleless.controller.kube.PeerEffects;
import io.koupleless.controller.kube.PodInformers;
import io.koupleless.controller.kube.PodListener;
import io.koupleless.controller.kube.RecordSweep;
import io.koupleless.controller.kube.WorkloadInformers;
import io.koupleless.controller.kube.WorkloadListener;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.peers.PeerFact;
import io.koupleless.controller.peers.Peers;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.probe.NetworkProber;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.vnode.Moment;
import io.koupleless.controller.work.ThreadTimers;
import io.koupleless.controller.work.Ticker;
import io.koupleless.controller.workload.Autoscaler;
import io.koupleless.controller.workload.Workload;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * The table of contents: builds the parts, starts them in order, stops them in reverse.
 *
 * <p>Tunnels and watches bring facts to the {@link Fleet}; each virtual node decides; its effects
 * go out through {@link KubeEffects} and the tunnels.
 */
public final class ModuleController implements AutoCloseable {
    private static final Duration SWEEP_EVERY = Duration.ofHours(1);

    private final ControllerSettings settings;
    private final List<Tunnel> tunnels;
    private final Ticker ticker;
    private final ThreadTimers timers;
    private final ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
    private final ExecutorService telling =
            Executors.newFixedThreadPool(2, Thread.ofVirtual().name("events-", 0).factory());
    private final NetworkProber prober;
    private final RecordSweep sweep;
    private final Links links;
    private final Fleet fleet;
    private final PeerRunner peers;
    private final WorkloadInformers workloads;
    private final PodInformers pods;
    private final NodeInformer nodes;
    private final BasePodInformer basePods;

    public ModuleController(
            ControllerSettings settings,
            KubeClients clients,
            List<Tunnel> tunnels,
            FleetMetrics metrics,
            Clock clock) {
        this.settings = settings;
        this.tunnels = List.copyOf(tunnels);
        this.ticker = System::nanoTime;
        this.timers = new ThreadTimers(ticker);
        KubeIdentity identity =
                new KubeIdentity(
                        settings.vnode().env(),
                        settings.namespace(),
                        settings.vnode().identity(),
                        settings.version());
        KubeEffects effects = new KubeEffects(clients, identity, settings.allAreModules(), clock);
        this.prober =
                new NetworkProber(
                        settings.vnode().probing().concurrency(),
                        "kube-probe/module-controller-" + settings.version());
        this.sweep = new RecordSweep(clients, identity, clock);
        this.links = new Links(this.tunnels);
        this.pods = new PodInformers(clients, settings.allAreModules(), ticker, new PodMarks());
        this.nodes = new NodeInformer(clients, settings.vnode().env(), ticker, new NodeMarks());
        FleetWorld.Time time = new FleetWorld.Time(workers, telling, timers, ticker, clock);
        this.workloads =
                new WorkloadInformers(
                        clients,
                        settings.vnode().env(),
                        new WorkloadInformers.Scope(
                                settings.workloads().peers(), settings.workloads().baseline()),
                        ticker,
                        new WorkloadMarks());
        this.peers =
                new PeerRunner(
                        new Peers(
                                settings.workloads().peerSettings(),
                                settings.vnode(),
                                new Moment(ticker.nanos(), clock.instant())),
                        time,
                        new PeerEffects(clients, identity, clock)::run,
                        metrics);
        this.basePods =
                new BasePodInformer(
                        clients, settings.basePodSelector(), ticker, new BasePodMarks());
        this.fleet =
                new Fleet(
                        settings.vnode(),
                        new FleetWorld(time, effects::run, new Watched(), links, prober, metrics));
    }

    /** Returns at once; what is not there yet is waited for in the background. */
    public void start() {
        if (settings.workloads().peers()) {
            peers.start();
        }
        workloads.start();
        basePods.start();
        pods.start();
        nodes.start();
        tunnels.forEach(tunnel -> tunnel.start(event -> fleet.onEvent(tunnel.name(), event)));
        sweepLater();
    }

    private void sweepLater() {
        timers.at(ticker.nanos() + SWEEP_EVERY.toNanos(), () -> workers.execute(this::sweepNow));
    }

    private void sweepNow() {
        sweep.sweep(settings.recordRetention());
        sweepLater();
    }

    public ControllerHealth health() {
        return new ControllerHealth(
                pods.synced() && nodes.synced(),
                pods.fresh(settings.staleAfter()) && nodes.fresh(settings.staleAfter()),
                links.state(),
                fleet.stuck(settings.stuckAfter()));
    }

    @Override
    public void close() {
        fleet.stop();
        tunnels.reversed().forEach(Tunnel::close);
        prober.close();
        nodes.close();
        pods.close();
        workloads.close();
        basePods.close();
        peers.close();
        timers.close();
        telling.shutdownNow();
        workers.shutdownNow();
    }

    private final class PodMarks implements PodListener {
        @Override
        public void podSeen(ModulePod pod) {
            fleet.podSeen(pod);
            peers.post(new PeerFact.PodSeen(pod));
        }

        @Override
        public void podUnseen(String nodeName, PodRef pod, String resourceVersion) {
            fleet.podUnseen(nodeName, pod);
            peers.post(new PeerFact.PodUnseen(nodeName, pod));
        }

        @Override
        public void synced() {
            fleet.podsSynced();
            peers.post(new PeerFact.Synced(PeerFact.Watch.PODS));
        }
    }

    private final class NodeMarks implements NodeListener {
        @Override
        public void nodeSeen(ObservedNode node) {
            fleet.nodeSeen(node);
            peers.post(new PeerFact.NodeSeen(node));
        }

        @Override
        public void nodeUnseen(String name) {
            fleet.nodeUnseen(name);
            peers.post(new PeerFact.NodeUnseen(name));
        }

        @Override
        public void synced() {
            peers.post(new PeerFact.Synced(PeerFact.Watch.NODES));
        }
    }

    private final class WorkloadMarks implements WorkloadListener {
        @Override
        public void workloadSeen(Workload workload) {
            fleet.workloadSeen(workload);
            peers.post(new PeerFact.WorkloadSeen(workload));
        }

        @Override
        public void workloadUnseen(Workload last) {
            fleet.workloadUnseen(last);
            peers.post(new PeerFact.WorkloadUnseen(last));
        }

        @Override
        public void autoscalerSeen(Autoscaler autoscaler) {
            peers.post(new PeerFact.AutoscalerSeen(autoscaler));
        }

        @Override
        public void autoscalerUnseen(Autoscaler autoscaler) {
            peers.post(new PeerFact.AutoscalerUnseen(autoscaler));
        }

        @Override
        public void synced() {
            fleet.workloadsSynced();
            peers.post(new PeerFact.Synced(PeerFact.Watch.WORKLOADS));
        }
    }

    private final class BasePodMarks implements BasePodListener {
        @Override
        public void basePodSeen(PodOfBase pod) {
            fleet.basePodSeen(pod);
        }

        @Override
        public void basePodUnseen(PodOfBase last) {
            fleet.basePodUnseen(last);
        }
    }

    private final class Watched implements Caches {
        @Override
        public void replay(NodeName node) {
            pods.replay(node.value());
        }

        @Override
        public Optional<ObservedNode> node(NodeName name) {
            return nodes.find(name.value());
        }

        @Override
        public boolean synced() {
            return pods.synced();
        }
    }
}
