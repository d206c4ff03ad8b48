package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodTerms;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Users, and whatever breaks machines. */
final class World {
    static final String GATE = "example.org/gate";

    static final Duration LONGEST_DEADLINE = Duration.ofSeconds(200);

    private static final List<ModuleRef> MODULES =
            List.of(
                    new ModuleRef("biz1", "1.0.0"),
                    new ModuleRef("biz1", "2.0.0"),
                    new ModuleRef("biz2", "1.0.0"),
                    new ModuleRef("biz3", "1.0.0"));

    private final Simulation world;
    private final Chance chance;
    private final ModelApi api;

    /** What Pods say beside their modules; apart, so that the rest of a seed's story stays. */
    private final Chance terms;

    private final Set<String> strays = new HashSet<>();
    private int made;
    private boolean over;

    World(Simulation world) {
        this.world = world;
        this.chance = world.chance;
        this.api = world.api;
        this.terms = new Chance(world.seed() * 31 + 7);
    }

    void start() {
        for (long i = chance.between(1, 4); i > 0; i--) {
            world.time.after(chance.between(0, 20_000), this::createPod);
        }
        next();
    }

    private void next() {
        world.time.after(
                chance.between(200, 25_000),
                () -> {
                    if (!over) {
                        act();
                        next();
                    }
                });
    }

    void end() {
        over = true;
    }

    private void act() {
        switch ((int) chance.between(0, 23)) {
            case 0, 1, 2 -> createPod();
            case 3, 4 -> deletePod();
            case 5, 6 -> redeploy();
            case 7, 8 -> changeImage();
            case 9 -> removeLabel();
            case 10 -> recreate();
            case 11 -> forceDelete();
            case 12, 13 -> killController();
            case 14, 15 -> killBase();
            case 16 -> breakWay();
            case 17 -> silenceBase();
            case 18 -> vanish();
            case 19 ->
                    world.base.foreign(new ModuleRef("stranger", "1.0.0"), "file:/elsewhere.jar");
            case 20 -> breakApi();
            case 21 -> openGate();
            case 22 -> setWallClock();
            case 23 -> replica();
            default -> throw new IllegalStateException();
        }
    }

    private Optional<ModulePod> somePod() {
        List<ModulePod> living = api.pods().stream().filter(p -> !p.terminating()).toList();
        return living.isEmpty() ? Optional.empty() : Optional.of(chance.pick(living));
    }

    /** The jar of the first module may call itself like the second; that one's are right. */
    private String url(ModuleRef ref) {
        boolean right = ref.version().equals("2.0.0");
        if (right || !world.oddities.of(world.faults.wrongJars)) {
            return Jars.right(ref, made);
        }
        boolean others = ref.equals(MODULES.getFirst()) && world.oddities.of(0.3);
        return Jars.wrong(ref, others ? "2.0.0" : "9.0.0", made);
    }

    private void createPod() {
        List<ModuleContainer> containers = new ArrayList<>();
        ModuleRef ref = chance.of(0.03) ? ModelBase.MASTER : chance.pick(MODULES);
        made++;
        containers.add(world.wellness.lookedAfter(Pods.container(ref, url(ref))));
        if (chance.of(0.15)) {
            ModuleRef second = chance.pick(MODULES);
            if (!second.equals(ref)) {
                containers.add(world.wellness.lookedAfter(Pods.container(second, url(second))));
            }
        }
        create("pod-" + made, containers, chance.of(0.5) ? "hash-" + made : "");
    }

    void deploy(String name, String revision, ModuleContainer container) {
        ModulePod pod =
                Pods.create(
                        world.node,
                        new PodRef("default", name, name + "-" + ++made),
                        api.nextVersion(),
                        world.time.now().wall(),
                        revision,
                        ModulePod.RestartPolicy.ALWAYS,
                        List.of(),
                        List.of(container),
                        PodTerms.NONE);
        world.story.tell("scheduler", "binds", new ModelController.BriefPod(pod));
        api.put(pod);
    }

    private ModulePod create(String name, List<ModuleContainer> containers, String revision) {
        made++;
        ModulePod.RestartPolicy policy =
                chance.of(0.1) ? ModulePod.RestartPolicy.NEVER : ModulePod.RestartPolicy.ALWAYS;
        ModulePod pod =
                Pods.create(
                        world.node,
                        new PodRef("default", name, "uid-" + made),
                        api.nextVersion(),
                        world.time.now().wall(),
                        revision,
                        policy,
                        chance.of(0.1) ? List.of(GATE) : List.of(),
                        containers,
                        terms());
        if (terms.of(0.04)) {
            pod = Pods.labelled(pod, pod.resourceVersion(), false);
            strays.add(pod.ref().uid());
        }
        world.story.tell("user", "creates", new ModelController.BriefPod(pod), policy);
        api.put(pod);
        return pod;
    }

    private PodTerms terms() {
        return terms.of(0.05)
                ? new PodTerms(
                        Optional.empty(),
                        Optional.of(
                                Duration.ofSeconds(
                                        terms.between(20, LONGEST_DEADLINE.toSeconds()))),
                        List.of())
                : PodTerms.NONE;
    }

    /** It was made without our label, and nobody gave it one. */
    boolean isStray(String uid) {
        return strays.contains(uid);
    }

    private void deletePod() {
        somePod().ifPresent(this::delete);
    }

    void delete(ModulePod pod) {
        api.pod(pod.ref().uid())
                .filter(p -> !p.terminating())
                .ifPresent(p -> {
                    world.story.tell("user", "deletes", p.ref(), p.ref().uid());
                    api.put(Pods.terminating(p, api.nextVersion(), world.wellness.deletion()));
                });
    }

    /** A Deployment with a new template hash: the new Pod comes, the old one goes. */
    private void redeploy() {
        somePod()
                .ifPresent(old -> {
                    made++;
                    List<ModuleContainer> containers =
                            chance.of(0.5) ? old.containers() : renamed(old);
                    create("pod-" + made, containers, "hash-" + made);
                    long later = chance.between(0, 40_000);
                    world.time.after(
                            later,
                            () -> {
                                if (!over) {
                                    delete(old);
                                }
                            });
                });
    }

    private void replica() {
        somePod()
                .ifPresent(old -> {
                    made++;
                    create("pod-" + made, old.containers(), old.revision());
                });
    }

    private List<ModuleContainer> renamed(ModulePod old) {
        return Pods.modules(old).map(m -> Pods.container(m.ref(), url(m.ref()))).toList();
    }

    private void changeImage() {
        somePod()
                .ifPresent(pod -> {
                    made++;
                    world.story.tell("user", "changes the image of", pod.ref());
                    api.put(Pods.asking(pod, api.nextVersion(), renamed(pod)));
                });
    }

    private void removeLabel() {
        somePod()
                .ifPresent(pod -> {
                    boolean labelled = !pod.labelled();
                    strays.remove(pod.ref().uid());
                    world.story.tell("user", labelled ? "labels" : "unlabels", pod.ref());
                    api.put(Pods.labelled(pod, api.nextVersion(), labelled));
                });
    }

    private void recreate() {
        somePod()
                .ifPresent(pod -> {
                    world.story.tell("user", "replaces", pod.ref(), pod.ref().uid());
                    api.remove(pod.ref().uid());
                    create(pod.ref().name(), pod.containers(), pod.revision());
                });
    }

    private void forceDelete() {
        somePod()
                .ifPresent(pod -> {
                    world.story.tell("user", "deletes by force", pod.ref());
                    api.remove(pod.ref().uid());
                });
    }

    private void killController() {
        long away = chance.between(100, chance.of(0.2) ? 60_000 : 5_000);
        world.everywhere(base -> base.controller.kill());
        world.time.after(away, () -> world.everywhere(base -> base.controller.start()));
    }

    private void killBase() {
        world.base.kill();
        if (world.ways.of(world.faults.moves)) {
            move();
        }
        long away = chance.of(0.3) ? 400_000 : 20_000;
        world.time.after(chance.between(1_000, away), world.base::start);
    }

    /** Another Pod of the base has another address; the old one may soon be another process's. */
    private void move() {
        String before = world.base.move(world.addresses().next(world));
        world.story.tell("world", "base moves to", world.base.ip());
        world.http.stranger(world.ways.of(0.3) ? before : "");
        world.gated.moved();
    }

    private void breakWay() {
        if (world.faults.http && (!world.faults.mqtt || world.ways.of(0.5))) {
            long millis = world.ways.between(500, 120_000);
            if (world.ways.of(0.5)) {
                cutNetwork(millis);
            } else {
                hangServer(millis);
            }
        } else {
            breakLink();
        }
    }

    /** Heartbeats go on, and whoever is called does not answer. */
    private void hangServer(long millis) {
        world.story.tell("world", "base hangs");
        world.http.hang(true);
        world.time.after(
                millis,
                () -> {
                    world.story.tell("world", "base goes on");
                    world.http.hang(false);
                });
    }

    private void cutNetwork(long millis) {
        world.story.tell("world", "network cut");
        world.http.cut(true);
        world.time.after(
                millis,
                () -> {
                    world.story.tell("world", "network back");
                    world.http.cut(false);
                });
    }

    private void breakLink() {
        world.story.tell("world", "broker down");
        world.everywhere(base -> base.broker(false));
        world.time.after(chance.between(500, 60_000) + longer(), this::mendLink);
    }

    /** Long enough for the other way to take over, where there is one. */
    private long longer() {
        return world.faults.mqtt && world.faults.http && world.ways.of(0.5)
                ? world.ways.between(0, 180_000)
                : 0;
    }

    void mendLink() {
        if (!world.wire.brokerUp()) {
            world.story.tell("world", "broker up");
            world.everywhere(base -> base.broker(true));
        }
    }

    private void silenceBase() {
        world.story.tell("world", "base cut off");
        world.wire.cutBase(true);
        long millis = chance.between(1_000, 120_000) + longer();
        if (world.faults.http && world.ways.of(0.6)) {
            cutNetwork(millis);
        }
        world.time.after(
                millis,
                () -> {
                    world.story.tell("world", "base connected");
                    world.wire.cutBase(false);
                });
    }

    private void vanish() {
        List<ModuleRef> there = List.copyOf(world.base.modules().keySet());
        if (!there.isEmpty()) {
            world.base.vanish(chance.pick(there));
        }
    }

    private void breakApi() {
        world.story.tell("world", "API server away");
        world.everywhere(base -> base.apiDown(true));
        world.time.after(
                chance.between(500, 60_000), () -> world.everywhere(base -> base.apiDown(false)));
    }

    private void openGate() {
        somePod()
                .filter(p -> p.readinessGates().contains(GATE))
                .ifPresent(pod -> {
                    PodStatus status = pod.status();
                    List<PodCondition> all = new ArrayList<>(status.conditions());
                    boolean open = !status.isTrue(GATE);
                    all.removeIf(c -> c.type().equals(GATE));
                    all.add(new PodCondition(GATE, open, "", "", world.time.now().wall()));
                    api.put(
                            Pods.with(
                                    pod,
                                    api.nextVersion(),
                                    withConditions(status, all, status.containers())));
                });
    }

    private static PodStatus withConditions(
            PodStatus status, List<PodCondition> all, List<ContainerStatus> containers) {
        return new PodStatus(
                status.phase(),
                status.reason(),
                status.message(),
                status.podIp(),
                status.startTime(),
                all,
                containers);
    }

    private void setWallClock() {
        Duration by = Duration.ofSeconds(-chance.between(1, 90));
        world.story.tell("world", "wall clock set by", by);
        world.time.stepWall(by);
        world.everywhere(Simulation::wallSet);
    }
}
