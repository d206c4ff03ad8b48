package io.koupleless.controller.simulation;

import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * The Pod that the base runs in, where it has one with the readiness gate of modules, and what must
 * be true of that gate.
 */
final class GatedBase {
    /** What is that new, nobody needs to have seen. */
    private static final long LAG = Duration.ofSeconds(15).toNanos();

    private static final long DELAY = Duration.ofSeconds(5).toNanos();

    /** It may have been another process still that answered. */
    private static final long YOUNG = Duration.ofMinutes(5).toNanos();

    private final Simulation world;
    private final Chance chance;
    private final Map<String, Long> unreadySince = new TreeMap<>();
    private Consumer<List<PodOfBase>> watch = pods -> {};
    private Optional<PodOfBase> pod = Optional.empty();
    private int made;
    private boolean nodeReady;
    private long nodeChanged;
    private int openedFor = -1;
    private long delivered;

    /** It draws from a chance of its own, so that runs without a gate stay as they were. */
    GatedBase(Simulation world, long seed) {
        this.world = world;
        this.chance = new Chance(seed * 31 + 41);
        if (chance.of(0.25)) {
            another();
        }
    }

    List<PodOfBase> pods() {
        return pod.stream().toList();
    }

    /** All there is now, and what comes after. */
    void watch(Consumer<List<PodOfBase>> next) {
        watch = next;
        pod.ifPresent(this::tell);
    }

    void unwatch() {
        watch = pods -> {};
    }

    /** In order, some time later. */
    private void tell(PodOfBase now) {
        Consumer<List<PodOfBase>> to = watch;
        delivered = Math.max(delivered, world.time.nanos() + chance.between(1, 2_000) * 1_000_000);
        world.time.at(
                delivered,
                () -> {
                    if (to == watch) {
                        to.accept(List.of(now));
                    }
                });
    }

    /** The base runs in another Pod from now on. */
    void moved() {
        if (pod.isPresent()) {
            another();
        }
    }

    private void another() {
        made++;
        PodRef ref = new PodRef("default", "base-" + made, "base-uid-" + made);
        openedFor = -1;
        set(new PodOfBase(ref, world.base.ip(), "base-" + made, false, true, false));
    }

    private void set(PodOfBase next) {
        pod = Optional.of(next);
        tell(next);
    }

    Outcome patch(Effect.PatchBasePod patch) {
        Optional<PodOfBase> there = pod.filter(p -> p.ref().equals(patch.pod()));
        if (there.isEmpty()) {
            return new Outcome.Missing();
        }
        PodOfBase p = there.get();
        if (p.open() != patch.open()) {
            world.story.tell("base Pod", p.ref(), patch.open() ? "opens" : "shuts");
            openedFor = patch.open() ? world.base.process() : -1;
            set(new PodOfBase(p.ref(), p.ip(), p.hostName(), false, p.gated(), patch.open()));
        }
        return new Outcome.Written("1");
    }

    /** The state of Pods and of the Node changed, or did not. */
    void look() {
        boolean ready = world.api.nodeReady();
        if (ready != nodeReady) {
            nodeReady = ready;
            nodeChanged = world.time.nanos();
        }
        List<ModulePod> unready =
                world.api.pods().stream()
                        .filter(p -> p.labelled() && Pods.lives(p))
                        .filter(p -> !p.status().isTrue(PodCondition.READY))
                        .toList();
        unreadySince.keySet().retainAll(unready.stream().map(p -> p.ref().uid()).toList());
        unready.forEach(p -> unreadySince.putIfAbsent(p.ref().uid(), world.time.nanos()));
    }

    void asked(Effect.PatchBasePod patch) {
        look();
        Optional<PodOfBase> there = pod.filter(p -> p.ref().equals(patch.pod()));
        if (there.isEmpty() || !world.invariants.quietFor(Duration.ofMinutes(1))) {
            return;
        }
        if (patch.open()) {
            opens();
        } else if (there.get().open()) {
            boolean same = openedFor == world.base.process();
            boolean old = world.time.nanos() - world.base.startedAt() > YOUNG;
            check(!(same && old), "is shut though the base goes on");
        }
    }

    private void opens() {
        long since = world.time.nanos() - nodeChanged;
        check(nodeReady || since < LAG, "opens though the Node is not Ready");
        check(!nodeReady || since >= DELAY || openedFor >= 0, "opens at once");
        for (Map.Entry<String, Long> unready : unreadySince.entrySet()) {
            check(
                    world.time.nanos() - unready.getValue() < LAG,
                    "opens though this Pod is not Ready: " + unready.getKey());
        }
    }

    private static void check(boolean kept, String what) {
        if (!kept) {
            throw new Broken("gate", "the gate " + what);
        }
    }

    /** Empty when it is as it should be. */
    Optional<String> missing() {
        return pod.filter(p -> !p.open() && !held())
                .map(p -> "the gate of " + p.ref() + " is shut");
    }

    /** By a module that is not Ready; a Pod that lost its label keeps its own. */
    private boolean held() {
        return world.api.pods().stream()
                .filter(Pods::lives)
                .filter(p -> p.labelled() || !world.isStray(p.ref().uid()))
                .anyMatch(p -> !p.status().isTrue(PodCondition.READY));
    }
}
