package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bugs that one base alone cannot show: the simulation of several must notice. */
@Tag("simulation")
class PlantedClusterBugsTest {
    @Test
    void aListOfOneBaseIsTakenForAnothers() {
        Plants.areFoundInClusters("another's list", ListOfAnother::new, "rule 2", "convergence");
    }

    private static final class ListOfAnother implements Sabotage {
        private final Map<Simulation, List<ModuleStatus>> last = new HashMap<>();

        @Override
        public Stream<Fact> arriving(Fact fact, Simulation world) {
            if (!(fact instanceof Fact.Heard(String tunnel, var event)
                    && event instanceof TunnelEvent.ModulesReported(var id, var modules))) {
                return Stream.of(fact);
            }
            last.put(world, modules);
            Optional<List<ModuleStatus>> another =
                    world.others().filter(last::containsKey).map(last::get).findFirst();
            return Stream.of(
                    another.<Fact>map(theirs ->
                                    new Fact.Heard(
                                            tunnel, new TunnelEvent.ModulesReported(id, theirs)))
                            .orElse(fact));
        }
    }

    @Test
    void theModuleOfAPodIsInstalledOnTwoBases() {
        Plants.areFoundInClusters(
                "two bases",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                if (effect instanceof Effect.Send send
                                        && send.command() instanceof Command.Install install) {
                                    world.others()
                                            .filter(other -> other.base.up())
                                            .findFirst()
                                            .ifPresent(other ->
                                                    other.base.foreign(
                                                            install.ref(),
                                                            install.url().toString()));
                                }
                                return Stream.of(effect);
                            }
                        },
                "convergence");
    }

    @Test
    void theSilenceOfOneBaseIsJudgedForAnother() {
        // As long as one is not heard, no other one is listened to.
        Plants.areFoundInClusters(
                "one silent, all silent",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.Heard
                                                && world.others().anyMatch(other -> quiet(other))
                                        ? Stream.empty()
                                        : Stream.of(fact);
                            }
                        },
                "rule 18");
    }

    private static boolean quiet(Simulation base) {
        return base.controller.linksUp()
                && base.time.nanos() - base.controller.quietSince()
                        > Duration.ofSeconds(15).toNanos();
    }
}
