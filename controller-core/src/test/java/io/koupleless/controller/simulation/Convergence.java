package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.vnode.VNodeSettings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** What the world looks like when everybody had the time to do what they promised. */
final class Convergence {
    private Convergence() {}

    /** All that is written in peace: nothing but Leases. */
    static String state(Simulation world) {
        return world.api.node().map(n -> n.resourceVersion()).orElse("-")
                + world.api.record()
                + world.api.pods().stream().map(ModulePod::resourceVersion).toList();
    }

    /** Some jar can never be installed, since its name is taken: that is tried now and then. */
    static boolean triesForEver(Simulation world) {
        return claims(world).entrySet().stream()
                .anyMatch(claim -> refused(world, claim.getKey(), claim.getValue()));
    }

    /** The first thing that is not yet as it should be. */
    static Optional<String> missing(Simulation world) {
        if (world.invariants.othersLease()) {
            return Optional.of("another holds the Lease");
        }
        if (world.api.node().isEmpty() || !world.api.nodeReady()) {
            return Optional.of("the Node is not Ready");
        }
        String tunnel = world.api.node().orElseThrow().labels().get(Labels.VNODE_TUNNEL);
        if (!world.controller.preferred().equals(tunnel)) {
            return Optional.of("the Node is reached over " + tunnel);
        }
        if (world.api.node().orElseThrow().taints().size() > 2) {
            return Optional.of("the Node tells of trouble");
        }
        for (ModulePod pod : world.api.pods()) {
            if (pod.terminating()) {
                return Optional.of(pod.ref() + " is still terminating");
            }
            if (Pods.lives(pod) && timed(world, pod)) {
                return Optional.of(pod.ref() + " is not over yet");
            }
            if (neverLabelled(world, pod) && !explained(pod)) {
                return Optional.of(pod.ref() + " is no module and does not say so");
            }
        }
        return keys(world)
                .or(() -> strangers(world))
                .or(() -> entries(world))
                .or(world.gated::missing);
    }

    /** One that lost its label is over in time if it owned a module; nobody has to know here. */
    private static boolean timed(Simulation world, ModulePod pod) {
        return pod.terms().activeDeadline().isPresent()
                && (pod.labelled() || !world.peacefulFor(World.LONGEST_DEADLINE.plusSeconds(20)));
    }

    /** No record ever named it, so it is nobody's module. */
    private static boolean neverLabelled(Simulation world, ModulePod pod) {
        return !pod.labelled() && Pods.lives(pod) && world.isStray(pod.ref().uid());
    }

    private static boolean explained(ModulePod pod) {
        return pod.status().phase() == PodStatus.Phase.PENDING
                && pod.status()
                        .condition(PodCondition.READY)
                        .filter(c -> !c.status() && c.reason().equals("NotAModule"))
                        .isPresent();
    }

    private static Map<ModuleRef, List<ModulePod>> claims(Simulation world) {
        Map<ModuleRef, List<ModulePod>> claims = new TreeMap<>();
        for (ModulePod pod : world.api.pods()) {
            if (Pods.lives(pod)) {
                Pods.wanted(pod)
                        .forEach(m ->
                                claims.computeIfAbsent(m.ref(), r -> new ArrayList<>()).add(pod));
            }
        }
        claims.remove(ModelBase.MASTER);
        return claims;
    }

    private static Optional<String> keys(Simulation world) {
        Map<ModuleRef, List<ModulePod>> claims = claims(world);
        for (Map.Entry<ModuleRef, List<ModulePod>> claim : claims.entrySet()) {
            ModuleRef ref = claim.getKey();
            if (claim.getValue().stream().noneMatch(ModulePod::labelled)) {
                continue;
            }
            if (refused(world, ref, claim.getValue())) {
                continue;
            }
            ModuleRef actual = installed(world, ref).orElse(ref);
            ModelBase.Biz biz = world.base.modules().get(actual);
            if (biz == null) {
                return Optional.of(ref + " is not there");
            }
            boolean beside =
                    world.base.modules().keySet().stream()
                            .anyMatch(o -> o.name().equals(actual.name()) && !o.equals(actual));
            boolean mayRest = beside && !world.base.severalActive();
            if (biz.state != ModuleState.ACTIVATED
                    && !(mayRest && biz.state == ModuleState.DEACTIVATED)) {
                return Optional.of(ref + " is " + biz.state);
            }
            ModuleEntry entry = world.api.record().modules().get(ref);
            Optional<ModulePod> owner =
                    claim.getValue().stream()
                            .filter(p -> entry != null)
                            .filter(p -> p.ref().equals(entry.owner()))
                            .findFirst();
            if (owner.isEmpty()) {
                return Optional.of(ref + " has no living owner: " + entry);
            }
            Optional<String> wrong = owned(world, ref, biz, owner.get(), claim.getValue());
            if (wrong.isPresent()) {
                return wrong;
            }
        }
        return Optional.empty();
    }

    /** What the base calls the module, as recorded. */
    static Optional<ModuleRef> installed(Simulation world, ModuleRef ref) {
        return Optional.ofNullable(world.api.record().modules().get(ref))
                .map(ModuleEntry::installed);
    }

    /** True when the record names it, as asked for or as the base calls it. */
    private static Optional<ModuleEntry> explained(Simulation world, ModuleRef actual) {
        return world.api.record().modules().values().stream()
                .filter(entry -> entry.installed().equals(actual))
                .findFirst();
    }

    /**
     * The name is taken: by the jar of another Pod, or by one of which nobody could know what it
     * calls itself, because the answer was lost.
     */
    private static boolean refused(Simulation world, ModuleRef ref, List<ModulePod> claims) {
        return claims.stream()
                .flatMap(Pods::modules)
                .filter(m -> m.ref().equals(ref))
                .map(m -> Jars.manifest(ref, m.url().toString()))
                .anyMatch(actual -> taken(world, ref, actual));
    }

    private static boolean taken(Simulation world, ModuleRef ref, ModuleRef actual) {
        ModelBase.Biz biz = world.base.modules().get(actual);
        return biz != null && !biz.asked.equals(biz.ref) && nameless(biz)
                || explained(world, actual).filter(e -> !e.ref().equals(ref)).isPresent();
    }

    private static boolean nameless(ModelBase.Biz biz) {
        return biz.by != null && !biz.by.named;
    }

    private static Optional<String> owned(
            Simulation world,
            ModuleRef ref,
            ModelBase.Biz biz,
            ModulePod owner,
            List<ModulePod> claims) {
        String revision =
                claims.stream()
                        .filter(ModulePod::labelled)
                        .max(ModulePod.BY_AGE)
                        .map(ModulePod::revision)
                        .orElseThrow();
        boolean newest =
                owner.revision().equals(revision)
                        || claims.stream().max(ModulePod.BY_AGE).filter(owner::equals).isPresent();
        boolean followed = claims.stream().anyMatch(p -> !p.labelled());
        if (!newest && !followed) {
            return Optional.of(ref + " is not of the newest revision but of " + owner.ref());
        }
        if (!owner.labelled()) {
            return Optional.empty();
        }
        String url =
                Pods.modules(owner)
                        .filter(m -> m.ref().equals(ref))
                        .map(m -> m.url().toString())
                        .findFirst()
                        .orElseThrow();
        if (!biz.url.equals(url)) {
            return Optional.of(ref + " is of " + biz.url + " and not of " + url);
        }
        return ready(world, owner);
    }

    private static Optional<String> ready(Simulation world, ModulePod pod) {
        boolean owned =
                Pods.modules(pod)
                        .allMatch(m -> {
                            ModuleEntry entry = world.api.record().modules().get(m.ref());
                            ModelBase.Biz biz =
                                    world.base
                                            .modules()
                                            .get(installed(world, m.ref()).orElse(m.ref()));
                            return entry != null
                                    && entry.owner().equals(pod.ref())
                                    && biz != null
                                    && biz.state == ModuleState.ACTIVATED;
                        });
        boolean gated = pod.readinessGates().stream().anyMatch(gate -> !pod.status().isTrue(gate));
        boolean ready = pod.status().isTrue(PodCondition.READY);
        boolean shall =
                owned
                        && !gated
                        && pod.containers().stream()
                                .allMatch(c -> valid(c) && !pod.ended(c.name()));
        return ready == shall
                ? Optional.empty()
                : Optional.of(pod.ref() + " is " + (ready ? "" : "not ") + "Ready");
    }

    private static boolean valid(ModuleContainer container) {
        return container.wanted() instanceof ModuleContainer.Module;
    }

    private static Optional<String> strangers(Simulation world) {
        return world.base.modules().values().stream()
                .filter(biz ->
                        world.orphans == VNodeSettings.Orphans.UNINSTALL
                                || !biz.ref.name().equals("stranger"))
                .filter(biz -> explained(world, biz.ref).isEmpty())
                .filter(biz -> !world.invariants.isMuddled(biz.asked))
                .filter(biz -> biz.asked.equals(biz.ref) || !nameless(biz))
                .map(biz -> biz.ref + " is on the base and nobody's")
                .min(Comparator.naturalOrder());
    }

    private static Optional<String> entries(Simulation world) {
        for (ModuleEntry entry : world.api.record().modules().values()) {
            Optional<ModulePod> owner = world.api.pod(entry.owner().uid()).filter(Pods::lives);
            if (owner.isEmpty()) {
                if (world.orphans == VNodeSettings.Orphans.LEAVE) {
                    continue;
                }
                return Optional.of(entry + " has an owner that is gone");
            }
            if (refused(world, entry.ref(), List.of(owner.get()))) {
                continue;
            }
            ModelBase.Biz biz = world.base.modules().get(entry.installed());
            boolean there =
                    biz != null
                            && (biz.state == ModuleState.ACTIVATED
                                    || biz.state == ModuleState.DEACTIVATED);
            if (!there || entry.state() != EntryState.INSTALLED) {
                return Optional.of(entry + " is not installed");
            }
        }
        return Optional.empty();
    }
}
