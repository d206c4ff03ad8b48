package io.koupleless.controller.simulation;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** One run: some minutes in which everything may go wrong, then peace. */
final class Simulation {
    private static final String ID = "base-7";
    private static final String IP = "10.0.0.7";

    private static final long TROUBLE = 6 * 60_000;
    private static final long PATIENCE = 25 * 60_000;
    private static final long LONGEST_PAUSE = 65_000;
    private static final long PEACE = 35_000;

    final VirtualTime time;
    private Addresses addresses = new Addresses(false);
    final String node;
    final Chance chance;
    final Chance oddities;
    final Chance ways;
    final Faults faults;
    final Wellness wellness;
    final GatedBase gated;
    final Story story;
    final Sabotage sabotage;
    final Invariants invariants;
    final Takeover takeover;
    final ModelApi api;
    final Wire wire;
    final HttpWire http;
    final ModelBase base;
    final ModelController controller;
    private final World world;
    private final OtherController other;
    private final long seed;
    final VNodeSettings.Orphans orphans;
    private List<Simulation> neighbours = List.of(this);
    private boolean apiDown;
    private boolean wallWasSet;

    /** A run that is played for its end; its story is told by {@link #told}. */
    Simulation(long seed, Sabotage sabotage) {
        this(seed, sabotage, VNodeSettings.Orphans.UNINSTALL_OURS, false);
    }

    Simulation(long seed, Sabotage sabotage, VNodeSettings.Orphans orphans) {
        this(seed, sabotage, orphans, false);
    }

    /** One of several bases of one controller, which live in one time. */
    static Simulation neighbour(
            long seed, Sabotage sabotage, String id, String ip, VirtualTime time, boolean told) {
        return new Simulation(
                seed, sabotage, VNodeSettings.Orphans.UNINSTALL_OURS, id, ip, time, told);
    }

    /** The bases that share controller, broker and API server with this one, and this one. */
    void meet(List<Simulation> all, Addresses ofAll) {
        neighbours = all;
        addresses = ofAll;
        http.othersAt(address ->
                others().anyMatch(other -> other.base.serves() && other.base.ip().equals(address)));
    }

    Addresses addresses() {
        return addresses;
    }

    void everywhere(Consumer<Simulation> what) {
        neighbours.forEach(what);
    }

    /** The other bases of the same controller. */
    Stream<Simulation> others() {
        return neighbours.stream().filter(other -> other != this);
    }

    /** The same run, with its story. */
    static Simulation told(long seed, Sabotage sabotage, VNodeSettings.Orphans orphans) {
        return new Simulation(seed, sabotage, orphans, true);
    }

    private Simulation(long seed, Sabotage sabotage, VNodeSettings.Orphans orphans, boolean told) {
        this(seed, sabotage, orphans, ID, IP, new VirtualTime(), told);
    }

    private Simulation(
            long seed,
            Sabotage sabotage,
            VNodeSettings.Orphans orphans,
            String id,
            String ip,
            VirtualTime time,
            boolean told) {
        this.time = time;
        this.node = "vnode." + id + ".test";
        this.orphans = orphans;
        this.seed = seed;
        this.story = new Story(time, told);
        this.sabotage = sabotage;
        VNodeSettings settings =
                new VNodeSettings(
                        "controller-1",
                        "test",
                        VNodeSettings.Times.defaults(),
                        new VNodeSettings.Limits(4, 1_000, 85, 100, 10, "4Gi"),
                        VNodeSettings.Nodes.defaults(),
                        VNodeSettings.Metaspace.defaults(),
                        orphans,
                        VNodeSettings.Probing.defaults(),
                        VNodeSettings.BaseStart.defaults());
        chance = new Chance(seed);
        oddities = new Chance(~seed);
        ways = new Chance(seed * 31 + 23);
        faults = new Faults(chance, oddities, ways);
        invariants = new Invariants(this, settings);
        api = new ModelApi(node, invariants);
        wire = new Wire(time, chance, faults, story, new BaseId(id));
        base = new ModelBase(time, chance, faults, story, wire, invariants, id, ip, ways);
        controller = new ModelController(this, settings);
        wire.connect(base, controller, invariants);
        http = new HttpWire(time, ways, faults, story, base, controller);
        base.onServing(http::sightNow);
        takeover = new Takeover(this);
        wellness = new Wellness(this, seed);
        gated = new GatedBase(this, seed);
        world = new World(this);
        other = new OtherController(this);
    }

    long seed() {
        return seed;
    }

    boolean apiDown() {
        return apiDown;
    }

    void apiDown(boolean down) {
        apiDown = down;
        invariants.apiFault();
    }

    void broker(boolean up) {
        wire.broker(up);
        controller.brokerChanged();
    }

    boolean wallWasSet() {
        return wallWasSet;
    }

    void wallSet() {
        wallWasSet = true;
    }

    /** Runs to the end. */
    void run() {
        start();
        go(TROUBLE);
        peace();
        converges();
    }

    void start() {
        controller.start();
        base.start();
        if (faults.http) {
            http.start();
        }
        world.start();
        wellness.start();
        if (faults.otherController) {
            other.start();
        }
        look();
    }

    private void converges() {
        settle("when the faults were over");
        go(time.millis() + LONGEST_PAUSE);
        settle("and again a little later");
        String before = Convergence.state(this);
        go(time.millis() + PEACE);
        if (!Convergence.triesForEver(this) && !Convergence.state(this).equals(before)) {
            throw new Broken("peace", "written: " + before + " became " + Convergence.state(this));
        }
        base.modules().values().stream()
                .filter(biz -> biz.asked.equals(biz.ref))
                .map(biz -> biz.ref)
                .filter(ref -> Convergence.installed(this, ref).equals(Optional.of(ref)))
                .filter(this::comesBack)
                .findFirst()
                .ifPresent(ref -> {
                    base.vanish(ref);
                    long from = time.millis();
                    while (!base.modules().containsKey(ref)) {
                        go(time.millis() + 500);
                        if (time.millis() - from > 42_000) {
                            throw new Broken("rule 2", "reinstalled too late: " + ref);
                        }
                    }
                    settle("after a module had vanished");
                });
    }

    /** Its Pod may start it once more. */
    private boolean comesBack(ModuleRef ref) {
        return Optional.ofNullable(api.record().modules().get(ref))
                .flatMap(entry -> api.pod(entry.owner().uid()))
                .filter(pod -> pod.restartPolicy() != ModulePod.RestartPolicy.NEVER)
                .isPresent();
    }

    /** A Pod of a Deployment is bound to this base. */
    void deploy(String name, String revision, ModuleContainer container) {
        world.deploy(name, revision, container);
    }

    void end(ModulePod pod) {
        world.delete(pod);
    }

    /** A probe takes the network of HTTP, where there is any; a broker may be elsewhere. */
    boolean reachesProbes() {
        return faults.http ? http.reachesBase() : wire.reachesBase();
    }

    /** The base may be heard though probes do not reach it. */
    boolean isHeardOtherwise() {
        return faults.http && faults.mqtt && wire.reachesBase();
    }

    /** The faults have been over for so long. */
    boolean peacefulFor(Duration span) {
        return faults.over() && time.millis() - TROUBLE >= span.toMillis();
    }

    /** It never had our label. */
    boolean isStray(String uid) {
        return world.isStray(uid);
    }

    void peace() {
        story.tell("world", "peace");
        world.end();
        other.end();
        faults.end();
        wellness.end();
        apiDown = false;
        world.mendLink();
        wire.cutBase(false);
        http.cut(false);
        http.hang(false);
        base.start();
        controller.start();
        if (base.heartsDead() || base.hung()) {
            base.kill();
            base.start();
        }
    }

    private void settle(String when) {
        long end = time.millis() + PATIENCE;
        Optional<String> why = Convergence.missing(this);
        while (why.isPresent() && time.millis() < end) {
            go(time.millis() + 1_000);
            why = Convergence.missing(this);
        }
        if (why.isPresent()) {
            throw new Broken("convergence", when + ": " + why.get() + " " + controller.state());
        }
    }

    private void go(long untilMillis) {
        while (time.step(untilMillis)) {
            // The next thing has happened.
        }
    }

    private void look() {
        invariants.look();
        time.after(5_000, this::look);
    }
}
