package io.koupleless.controller.simulation;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.Optional;

/** One run: some minutes in which everything may go wrong, then peace. */
final class Simulation {
    static final String NODE = "vnode.base-7.test";

    private static final long TROUBLE = 6 * 60_000;
    private static final long PATIENCE = 25 * 60_000;
    private static final long LONGEST_PAUSE = 65_000;
    private static final long PEACE = 35_000;

    final VirtualTime time = new VirtualTime();
    final Chance chance;
    final Chance oddities;
    final Chance ways;
    final Faults faults;
    final Wellness wellness;
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
    private boolean apiDown;
    private boolean wallWasSet;

    /** A run that is played for its end; its story is told by {@link #told}. */
    Simulation(long seed, Sabotage sabotage) {
        this(seed, sabotage, VNodeSettings.Orphans.UNINSTALL_OURS, false);
    }

    Simulation(long seed, Sabotage sabotage, VNodeSettings.Orphans orphans) {
        this(seed, sabotage, orphans, false);
    }

    /** The same run, with its story. */
    static Simulation told(long seed, Sabotage sabotage, VNodeSettings.Orphans orphans) {
        return new Simulation(seed, sabotage, orphans, true);
    }

    private Simulation(long seed, Sabotage sabotage, VNodeSettings.Orphans orphans, boolean told) {
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
        api = new ModelApi(NODE, invariants);
        wire = new Wire(time, chance, faults, story, new BaseId("base-7"));
        base = new ModelBase(time, chance, faults, story, wire, invariants, "base-7", ways);
        controller = new ModelController(this, settings);
        wire.connect(base, controller, invariants);
        http = new HttpWire(time, ways, faults, story, base, controller);
        base.onServing(http::sightNow);
        takeover = new Takeover(this);
        wellness = new Wellness(this, seed);
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

    boolean wallWasSet() {
        return wallWasSet;
    }

    void wallSet() {
        wallWasSet = true;
    }

    /** Runs to the end. */
    void run() {
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
        go(TROUBLE);
        peace();
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

    private void peace() {
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
