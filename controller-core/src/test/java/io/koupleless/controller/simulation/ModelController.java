package io.koupleless.controller.simulation;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.node.NodeBase;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.tunnel.Answer;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.Transports;
import io.koupleless.controller.vnode.VNode;
import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The controller's process around one virtual node: caches, timers and effects under way. */
final class ModelController {
    static final String MQTT = "mqtt_tunnel_provider";
    static final String HTTP = "http_tunnel_provider";

    /** Over HTTP each change blocks one of the loops of a base. */
    static final int CHANGES_OVER_HTTP = 2;

    private final Simulation world;
    private final VirtualTime time;
    private final Chance chance;
    private final Faults faults;
    private final VNodeSettings settings;
    private final Map<String, ModulePod> podCache = new TreeMap<>();
    private final Set<String> retired = new HashSet<>();
    private Optional<ObservedNode> nodeCache = Optional.empty();
    private List<Fact> inbox = new ArrayList<>();
    private @Nullable VNode vnode;
    private boolean running;
    private final Transports transports;

    /** The tunnels of this process, the preferred first. */
    private final List<String> tunnels;

    /** Since when the link of each tunnel is up. */
    private final Map<String, Long> linkUpSince = new TreeMap<>();

    /** Where the base is called over HTTP, empty when nobody has said. */
    private String address = "";

    private boolean synced;
    private boolean stepping;
    private int process;
    private long startedAt;
    private List<PodOfBase> basePods = List.of();

    /** Where the base was last heard of, on any tunnel. */
    private String locatedAt = "";

    private long lastHeard;
    private long lastLongQuiet = Long.MIN_VALUE / 2;
    private long podsDelivered;
    private long nodesDelivered;
    private long alarm;
    private int steps;

    ModelController(Simulation world, VNodeSettings settings) {
        this.world = world;
        this.time = world.time;
        this.chance = world.chance;
        this.faults = world.faults;
        this.settings = settings;
        List<String> used = new ArrayList<>();
        if (faults.mqtt) {
            used.add(MQTT);
        }
        if (faults.http) {
            used.add(HTTP);
        }
        this.tunnels = List.copyOf(used);
        this.transports =
                new Transports() {
                    @Override
                    public List<String> preference() {
                        return tunnels;
                    }

                    @Override
                    public int commandsAtOnce(String tunnel, int processors) {
                        return tunnel.equals(HTTP)
                                ? world.sabotage.commandsAtOnce(
                                        Math.min(CHANGES_OVER_HTTP, 2 * processors - 1))
                                : Integer.MAX_VALUE;
                    }
                };
    }

    int process() {
        return process;
    }

    boolean running() {
        return running;
    }

    boolean linkUp(String tunnel) {
        return running && linkUpSince.containsKey(tunnel);
    }

    /** Whatever the base says could be heard. */
    boolean linksUp() {
        return running && linkUpSince.size() == tunnels.size();
    }

    boolean anyLinkUp() {
        return running && !linkUpSince.isEmpty();
    }

    String preferred() {
        return tunnels.getFirst();
    }

    @Nullable VNode vnode() {
        return vnode;
    }

    String state() {
        return vnode == null ? "no virtual node" : vnode.snapshot().toString();
    }

    int steps() {
        return steps;
    }

    /** Since when a silence of the base had to be noticed. */
    long quietSince() {
        long links = linkUpSince.values().stream().max(Long::compare).orElse(startedAt);
        return Math.max(lastHeard, Math.max(links, startedAt));
    }

    /** Since when a silence of the base could be noticed at all. */
    long quietAtMostSince() {
        long links = linkUpSince.values().stream().min(Long::compare).orElse(time.nanos());
        return Math.max(lastHeard, Math.max(links, startedAt));
    }

    /** The end of the last silence that was long enough to be noticed. */
    long lastLongQuiet() {
        return lastLongQuiet;
    }

    Optional<ModulePod> cached(String uid) {
        return Optional.ofNullable(podCache.get(uid));
    }

    Optional<ObservedNode> cachedNode() {
        return nodeCache;
    }

    void start() {
        if (running) {
            return;
        }
        process++;
        running = true;
        startedAt = time.nanos();
        lastHeard = startedAt;
        synced = false;
        podCache.clear();
        nodeCache = Optional.empty();
        address = "";
        world.story.tell("controller", "starts as process", process);
        int mine = process;
        time.after(chance.between(50, 1_500), () -> listAll(mine));
        if (faults.mqtt) {
            time.after(chance.between(100, 2_500), () -> brokerChanged(mine));
        }
        if (faults.http) {
            time.after(chance.between(20, 500), () -> listening(mine));
        }
    }

    /** SIGKILL. */
    void kill() {
        if (!running) {
            return;
        }
        world.story.tell("controller", "is killed");
        running = false;
        linkUpSince.clear();
        vnode = null;
        inbox = new ArrayList<>();
        stepping = false;
        alarm++;
        world.api.watch(fact -> {});
        world.gated.unwatch();
        world.invariants.controllerKilled();
    }

    private void listAll(int mine) {
        if (!running || process != mine) {
            return;
        }
        podsDelivered = time.nanos();
        nodesDelivered = time.nanos();
        watched(new Fact.NodeSeen(world.api.node()));
        world.api.pods().stream()
                .filter(ModulePod::labelled)
                .forEach(pod -> watched(new Fact.PodSeen(pod)));
        watched(new Fact.PodsSynced());
        world.api.watch(this::watched);
        basePods = List.of();
        world.gated.watch(this::basePods);
    }

    /** Pods at an address concern the base from when it was heard of there. */
    private void located(String ip) {
        if (!ip.equals(locatedAt)) {
            locatedAt = ip;
            if (!basePods.isEmpty()) {
                post(new Fact.BasePodsSeen(basePods));
            }
        }
    }

    private void basePods(List<PodOfBase> pods) {
        basePods = pods;
        if (vnode != null) {
            post(new Fact.BasePodsSeen(pods));
        }
    }

    /** In order for each kind of object, some time later. */
    private void watched(Fact fact) {
        long at = time.nanos() + chance.between(1, faults.now(faults.slowestWatch)) * 1_000_000;
        if (fact instanceof Fact.NodeSeen) {
            nodesDelivered = Math.max(at, nodesDelivered);
            at = nodesDelivered;
        } else {
            podsDelivered = Math.max(at, podsDelivered);
            at = podsDelivered;
        }
        int mine = process;
        time.at(
                at,
                () -> {
                    if (running && process == mine) {
                        cache(fact);
                    }
                });
    }

    private void cache(Fact fact) {
        switch (fact) {
            case Fact.PodSeen(ModulePod pod) -> podCache.put(pod.ref().uid(), pod);
            case Fact.PodUnseen(var ref) -> podCache.remove(ref.uid());
            case Fact.PodsSynced() -> synced = true;
            case Fact.NodeSeen(Optional<ObservedNode> node) -> {
                nodeCache = node;
                if (vnode == null && node.isPresent() && !retired.contains(node.get().uid())) {
                    NodeBase.of(node.get(), settings.env())
                            .ifPresent(base -> remembered(base, NodeBase.tunnel(node.get())));
                    return;
                }
            }
            default -> throw new IllegalStateException("not watched: " + fact);
        }
        if (vnode != null) {
            if (!(fact instanceof Fact.NodeSeen)) {
                world.story.tell("watch", brief(fact));
            }
            post(fact);
        }
    }

    private static Object brief(Fact fact) {
        return fact instanceof Fact.PodSeen(ModulePod pod) ? new BriefPod(pod) : fact;
    }

    /** A Pod in one line. */
    record BriefPod(ModulePod pod) {
        @Override
        public String toString() {
            return "PodSeen[%s %s rv %s revision '%s'%s%s asks %s, %s %s]"
                    .formatted(
                            pod.ref(),
                            pod.ref().uid(),
                            pod.resourceVersion(),
                            pod.revision(),
                            pod.labelled() ? "" : " unlabelled",
                            pod.terminating() ? " terminating" : "",
                            pod.containers().stream().map(c -> c.image()).toList(),
                            pod.status().phase(),
                            pod.status().containers().stream().map(c -> c.state()).toList());
        }
    }

    private void remembered(Base base, String tunnel) {
        if (base.port() > 0 && address.isEmpty()) {
            address = base.ip();
        }
        make(base, tunnel);
    }

    private void make(Base base, String tunnel) {
        world.story.tell("controller", "makes a virtual node");
        locatedAt = base.ip();
        vnode = new VNode(settings, transports, base, tunnel, world.chance.random(), time.now());
        post(new Fact.NodeSeen(nodeCache));
        tunnels.forEach(way -> post(new Fact.LinkChanged(way, linkUp(way))));
        podCache.values().forEach(pod -> post(new Fact.PodSeen(pod)));
        if (synced) {
            post(new Fact.PodsSynced());
        }
        if (!basePods.isEmpty()) {
            post(new Fact.BasePodsSeen(basePods));
        }
        post(new Fact.Woken());
    }

    /** The broker came or went: we notice, a little later. */
    void brokerChanged() {
        int mine = process;
        if (!world.wire.brokerUp()) {
            link(MQTT, false);
        } else {
            time.after(chance.between(50, 3_000), () -> brokerChanged(mine));
        }
    }

    private void brokerChanged(int mine) {
        if (running && process == mine) {
            link(MQTT, world.wire.brokerUp());
        }
    }

    /** The receiver of heartbeats listens: the link over HTTP. */
    private void listening(int mine) {
        if (running && process == mine) {
            link(HTTP, true);
        }
    }

    private void link(String tunnel, boolean up) {
        if (!running || up == linkUp(tunnel)) {
            return;
        }
        noteQuiet();
        if (up) {
            linkUpSince.put(tunnel, time.nanos());
        } else {
            linkUpSince.remove(tunnel);
        }
        world.story.tell("controller", tunnel, "link", up ? "up" : "down");
        if (vnode != null) {
            post(new Fact.LinkChanged(tunnel, up));
        }
    }

    private void noteQuiet() {
        if (time.nanos() - quietAtMostSince() > 22_000_000_000L) {
            lastLongQuiet = time.nanos();
        }
    }

    void hear(String tunnel, TunnelEvent.OfBase event, List<Sent> answerTo) {
        if (tunnel.equals(HTTP) && event instanceof TunnelEvent.BaseSeen(Base there)) {
            world.everywhere(other -> other.controller.lose(there.ip()));
            address = there.ip();
        }
        noteQuiet();
        lastHeard = time.nanos();
        if (!answerTo.isEmpty()) {
            world.story.tell("heard", event);
            for (Sent answered : answerTo) {
                world.invariants.answered(answered);
                if (vnode != null
                        && answered.controllerProcess == process
                        && names(event, answered)) {
                    named(answered, vnode);
                }
            }
        }
        if (event instanceof TunnelEvent.ModulesReported(var base, var modules)) {
            world.story.tell("heard", event);
            world.wellness.listed(modules);
        }
        if (vnode == null && event instanceof TunnelEvent.BaseSeen(Base seen)) {
            make(seen, tunnel);
        }
        if (vnode != null) {
            post(new Fact.Heard(tunnel, event));
            if (event instanceof TunnelEvent.BaseSeen(Base there)) {
                located(there.ip());
            }
        }
    }

    /** Another base is heard from this address. */
    private void lose(String taken) {
        if (address.equals(taken)) {
            address = "";
        }
    }

    /** In a quiet minute everybody has the time to write down what the module is called. */
    private void named(Sent answerTo, VNode heardBy) {
        time.after(
                60_000,
                () ->
                        answerTo.named |=
                                heardBy == vnode
                                        && world.invariants.quietFor(Duration.ofMinutes(1)));
    }

    private static boolean names(TunnelEvent.OfBase event, Sent sent) {
        Answer answer =
                switch (event) {
                    case TunnelEvent.CommandAnswered single -> single.answer();
                    case TunnelEvent.BatchAnswered batch
                            when sent.command instanceof Command.Install install ->
                            batch.answers().get(install.url().toString());
                    default -> null;
                };
        return answer instanceof Answer.Done(var installed) && !installed.isEmpty();
    }

    void post(Fact fact) {
        world.sabotage.arriving(fact, world).forEach(inbox::add);
        if (!stepping) {
            stepping = true;
            int mine = process;
            time.after(
                    chance.between(0, 2),
                    () -> {
                        if (running && process == mine) {
                            step();
                        }
                    });
        }
    }

    private void step() {
        stepping = false;
        VNode node = vnode;
        if (node == null) {
            inbox.clear();
            return;
        }
        List<Fact> facts = inbox;
        inbox = new ArrayList<>();
        steps++;
        VNode.Step step = node.on(facts, time.now());
        world.invariants.stepped(facts, step);
        long id = ++alarm;
        for (Effect effect : step.effects()) {
            world.sabotage.leaving(effect, world).forEach(this::run);
        }
        if (step.wakeAt() != Long.MAX_VALUE && vnode != null) {
            time.at(
                    step.wakeAt(),
                    () -> {
                        if (alarm == id && running) {
                            post(new Fact.Woken());
                        }
                    });
        }
    }

    void run(Effect effect) {
        switch (effect) {
            case Effect.Send send -> send(send);
            case Effect.Retire() -> {
                world.story.tell("controller", "retires the virtual node");
                nodeCache.ifPresent(n -> retired.add(n.uid()));
                vnode = null;
            }
            case Effect.Count(var _) -> {
                // Nobody looks at metrics here.
            }
            case Effect.Probe probe -> probe(probe);
            case Effect.CallHook hook -> throw new IllegalStateException("no Pod has hooks");
            case Effect.Words words -> world.story.tell("event", words.reason(), words.message());
            case Effect other -> kube(other);
        }
    }

    private void probe(Effect.Probe probe) {
        world.invariants.probed(probe);
        int mine = process;
        time.after(
                world.wellness.takes(),
                () -> finished(probe, new Outcome.Checked(world.wellness.ask(probe)), mine));
    }

    private void send(Effect.Send send) {
        List<Sent> followed = new ArrayList<>();
        for (Command.OnModule command : onModules(send.command())) {
            world.story.tell("vnode", "sends", command);
            Sent sent = new Sent(command, time.nanos(), process, world.base.process());
            sent.together = send.command() instanceof Command.InstallAll;
            world.invariants.commanded(send, sent);
            followed.add(sent);
        }
        int mine = process;
        boolean diesWithUs = chance.of(0.5);
        time.after(
                chance.between(0, 10),
                () -> {
                    boolean alive = running && process == mine;
                    if (alive || !diesWithUs) {
                        leave(send, followed, mine);
                    }
                });
    }

    private static List<? extends Command.OnModule> onModules(Command command) {
        return switch (command) {
            case Command.OnModule single -> List.of(single);
            case Command.InstallAll(List<Command.Install> installs) -> installs;
            default -> List.of();
        };
    }

    private void leave(Effect.Send send, List<Sent> sent, int mine) {
        if (send.tunnel().equals(HTTP)) {
            leaveOverHttp(send, sent, mine);
            return;
        }
        boolean fenced = time.nanos() - send.fenceNanos() >= 0;
        boolean uncertain = chance.of(faults.now(faults.uncertainSends));
        Outcome outcome;
        if (send.command() instanceof Command.QueryCommands) {
            outcome = new Outcome.Refused("bases do not answer this over MQTT");
        } else if (fenced || !world.wire.brokerUp()) {
            outcome = new Outcome.NotSent(fenced ? "fenced" : "link down");
        } else if (uncertain) {
            outcome =
                    chance.of(0.5)
                            ? new Outcome.Failed("nobody knows")
                            : new Outcome.NotSent("window full");
            if (outcome instanceof Outcome.Failed && chance.of(0.5)) {
                world.wire.toBase(send.command(), sent);
            }
        } else {
            world.wire.toBase(send.command(), sent);
            outcome = new Outcome.Done();
        }
        left(send, sent, outcome, mine);
    }

    private void leaveOverHttp(Effect.Send send, List<Sent> sent, int mine) {
        if (address.isEmpty()) {
            left(send, sent, new Outcome.NotSent("no address is known of this base"), mine);
        } else if (chance.of(faults.now(faults.uncertainSends))) {
            left(send, sent, new Outcome.Failed("nobody knows"), mine);
            if (chance.of(0.5)) {
                world.http.post(send, address, sent, outcome -> {});
            }
        } else {
            world.http.post(send, address, sent, outcome -> left(send, sent, outcome, mine));
        }
    }

    private void left(Effect.Send send, List<Sent> sent, Outcome outcome, int mine) {
        if (!sent.isEmpty() && !(outcome instanceof Outcome.Done)) {
            world.story.tell("wire", sent, outcome);
        }
        time.after(
                chance.between(0, 20),
                () -> {
                    if (outcome instanceof Outcome.NotSent) {
                        sent.forEach(one -> one.closed = true);
                    }
                    finished(send, outcome, mine);
                });
    }

    private void kube(Effect effect) {
        boolean loud = !(effect instanceof Effect.WriteLease);
        if (loud) {
            world.story.tell("vnode", effect);
        }
        int mine = process;
        world.invariants.requested(effect);
        boolean diesWithUs = chance.of(0.5);
        Optional<Outcome> planted = world.sabotage.instead(effect, world);
        long slowest = faults.now(faults.slowestRequest);
        time.after(
                chance.between(1, slowest),
                () -> {
                    if (diesWithUs && !(running && process == mine)) {
                        return;
                    }
                    Outcome outcome = planted.orElseGet(() -> request(effect));
                    if (loud && !(outcome instanceof Outcome.Written)) {
                        world.story.tell("api", effect.getClass().getSimpleName(), outcome);
                    }
                    time.after(chance.between(1, slowest), () -> finished(effect, outcome, mine));
                });
    }

    private Outcome request(Effect effect) {
        if (world.apiDown()) {
            return new Outcome.Failed("no route to host");
        }
        if (chance.of(faults.now(faults.conflicts)) && writes(effect)) {
            return new Outcome.Conflict();
        }
        if (chance.of(faults.now(faults.failedRequests))) {
            boolean through = chance.of(0.3);
            if (through) {
                apply(effect);
            }
            return new Outcome.Failed("connection reset");
        }
        return apply(effect);
    }

    private Outcome apply(Effect effect) {
        return effect instanceof Effect.PatchBasePod patch
                ? world.gated.patch(patch)
                : world.api.apply(effect);
    }

    private static boolean writes(Effect effect) {
        return effect instanceof Effect.WriteLease || effect instanceof Effect.WriteRecord;
    }

    private void finished(Effect effect, Outcome outcome, int mine) {
        if (running && process == mine) {
            world.invariants.finished(effect, outcome);
            if (vnode != null) {
                post(new Fact.Finished(effect, outcome));
            }
        }
    }
}
