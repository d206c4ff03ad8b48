package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.Deletion;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.koupleless.controller.vnode.Effect;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * How well modules are, as probes find them: some fall ill, and are well again when they are
 * installed anew or after a while. It draws from a chance of its own, so that runs without probes
 * stay as they were.
 */
final class Wellness {
    private static final Duration GRACE = Duration.ofSeconds(30);
    private static final long BLAME = Duration.ofSeconds(90).toNanos();
    private static final int FIRST_PORT = 9_000;

    private final Simulation world;
    private final Chance chance;
    private final Map<Integer, ModuleRef> byPort = new TreeMap<>();
    private final Set<ModelBase.Biz> ill = new HashSet<>();
    private final Map<ModuleRef, Long> lastGood = new TreeMap<>();
    private final Map<ModuleRef, Long> lastBad = new TreeMap<>();
    private final Map<ModuleRef, Long> lastSilent = new TreeMap<>();
    private final boolean probes;
    private boolean over;

    Wellness(Simulation world, long seed) {
        this.world = world;
        this.chance = new Chance(seed * 31 + 17);
        this.probes = chance.of(0.4);
    }

    void start() {
        if (probes) {
            next();
        }
    }

    private void next() {
        world.time.after(
                chance.between(5_000, 60_000),
                () -> {
                    if (!over) {
                        fallIll();
                        next();
                    }
                });
    }

    private void fallIll() {
        List<ModelBase.Biz> there = List.copyOf(world.base.modules().values());
        if (there.isEmpty()) {
            return;
        }
        ModelBase.Biz one = chance.pick(there);
        ill.add(one);
        world.story.tell("module", one.ref, "falls ill");
        world.time.after(chance.between(2_000, 60_000), () -> ill.remove(one));
    }

    void end() {
        over = true;
        ill.clear();
    }

    /** The container with probes and a hook, or without. */
    ModuleContainer lookedAfter(ModuleContainer container) {
        if (!probes
                || !chance.of(0.5)
                || !(container.wanted() instanceof ModuleContainer.Module module)) {
            return container;
        }
        Map<ProbeKind, Probe> some = new EnumMap<>(ProbeKind.class);
        for (ProbeKind kind : ProbeKind.values()) {
            if (chance.of(0.5)) {
                some.put(kind, probe(module.ref()));
            }
        }
        Optional<PreStop> hook =
                chance.of(0.3)
                        ? Optional.of(new PreStop.Sleep(Duration.ofSeconds(chance.between(1, 40))))
                        : Optional.empty();
        return new ModuleContainer(
                container.name(), container.image(), container.wanted(), some, hook);
    }

    private Probe probe(ModuleRef ref) {
        int port = FIRST_PORT;
        while (byPort.containsKey(port) && !byPort.get(port).equals(ref)) {
            port++;
        }
        byPort.put(port, ref);
        return new Probe(
                new Check.TcpSocket("", new Check.PortNumber(port)),
                Duration.ofSeconds(chance.between(0, 5)),
                Duration.ofSeconds(chance.between(2, 10)),
                Duration.ofSeconds(1),
                1,
                3,
                GRACE);
    }

    Deletion deletion() {
        return new Deletion(world.time.now().wall().plus(GRACE), GRACE);
    }

    /** Milliseconds until a probe has its answer. */
    long takes() {
        return chance.between(1, 900);
    }

    /** What a probe finds now. */
    CheckResult ask(Effect.Probe probe) {
        ModuleRef ref = byPort.get(probe.target().port());
        if (!world.base.up() || !world.reachesProbes()) {
            if (world.base.up() && world.isHeardOtherwise()) {
                // Who answers questions and no probe has an ill module, as far as anybody knows.
                lastBad.put(ref, world.time.nanos());
            }
            lastSilent.put(ref, world.time.nanos());
            return new CheckResult.Bad("i/o timeout", CheckResult.Speaker.NOBODY);
        }
        boolean well =
                world.base.modules().values().stream()
                        .filter(biz -> biz.asked.equals(ref))
                        .anyMatch(biz -> biz.state == ModuleState.ACTIVATED && !ill.contains(biz));
        (well ? lastGood : lastBad).put(ref, world.time.nanos());
        return well
                ? new CheckResult.Good("")
                : new CheckResult.Bad("status 503", CheckResult.Speaker.PROCESS);
    }

    /**
     * What a list shows as not active, late as it may come, is blamed by the base itself; and who
     * seems to answer it and answers no probe has ill modules, as far as anybody knows.
     */
    void listed(List<ModuleStatus> modules) {
        lastSilent.forEach((ref, at) -> lastBad.merge(ref, at, Math::max));
        for (ModuleStatus module : modules) {
            if (module.state() != ModuleState.ACTIVATED) {
                lastBad.put(module.ref(), world.time.nanos());
            }
        }
    }

    /** Ready is said after a good answer, not ready after a bad one. */
    void statusAsked(ModulePod pod, PodStatus next) {
        for (ModuleContainer container : pod.containers()) {
            Optional<ContainerStatus> after = next.container(container.name());
            if (!(container.wanted() instanceof ModuleContainer.Module module)
                    || after.isEmpty()
                    || !(after.get().state() instanceof ContainerState.Running)) {
                continue;
            }
            boolean before =
                    pod.status()
                            .container(container.name())
                            .filter(status -> status.state().equals(after.get().state()))
                            .filter(ContainerStatus::ready)
                            .isPresent();
            boolean probed = container.probes().containsKey(ProbeKind.READINESS);
            if (probed && after.get().ready() && !before && !lastGood.containsKey(module.ref())) {
                throw new Broken("probes", module.ref() + " is ready and no probe said so");
            }
            if (!after.get().ready() && before && !recent(lastBad.get(module.ref()))) {
                throw new Broken("law 7", module.ref() + " is blamed and no probe said so");
            }
        }
    }

    private boolean recent(Long at) {
        return at != null && world.time.nanos() - at < BLAME;
    }
}
