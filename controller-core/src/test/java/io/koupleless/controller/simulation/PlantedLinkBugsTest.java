package io.koupleless.controller.simulation;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Rules about Leases, links and tunnels, each left out on purpose: the simulation must notice. */
@Tag("simulation")
class PlantedLinkBugsTest {
    @Test
    void rule8AnothersLease() {
        // Whoever holds the Lease, it counts as our own.
        Plants.areFound(
                "another's Lease",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return Stream.of(asOurs(fact));
                            }
                        },
                "rule 10",
                "rule 8");
    }

    private static Fact asOurs(Fact fact) {
        return fact instanceof Fact.Finished(Effect effect, Outcome outcome)
                        && outcome instanceof Outcome.LeaseRead(var lease)
                ? new Fact.Finished(
                        effect,
                        new Outcome.LeaseRead(
                                lease.map(l ->
                                        new ObservedLease(
                                                l.resourceVersion(),
                                                "controller-1",
                                                l.renewTime(),
                                                l.duration(),
                                                l.transitions()))))
                : fact;
    }

    @Test
    void rule9RenewTime() {
        // The wall clock as it is.
        Plants.areFound(
                "renewTime goes back",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Effect> leaving(Effect effect, Simulation world) {
                                return effect instanceof Effect.WriteLease(LeaseWrite write)
                                        ? Stream.of(
                                                new Effect.WriteLease(
                                                        new LeaseWrite(
                                                                write.resourceVersion(),
                                                                write.holder(),
                                                                world.time.now().wall(),
                                                                write.duration(),
                                                                write.transitions(),
                                                                write.acquired())))
                                        : Stream.of(effect);
                            }
                        },
                "rule 9");
    }

    @Test
    void rule18Downtime() {
        // Nobody tells that the link is down.
        Plants.areFound(
                "link always up",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.LinkChanged(String t, boolean up) && !up
                                        ? Stream.empty()
                                        : Stream.of(fact);
                            }
                        },
                "rule 18",
                "law 7");
    }

    @Test
    void theOtherWayIsNotTaken() {
        // Who is heard on the preferred way is not listened to on the other one.
        Plants.areFound(
                "one way only",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return world.faults.mqtt
                                                && fact instanceof Fact.Heard(String tunnel, var e)
                                                && tunnel.equals(ModelController.HTTP)
                                        ? Stream.empty()
                                        : Stream.of(fact);
                            }
                        },
                "takeover",
                "rule 18");
    }

    @Test
    void aTakeoverFlipsTheNode() {
        // A link that fails is taken for a base that ends.
        Plants.areFound(
                "the end of a link",
                () ->
                        new Sabotage() {
                            @Override
                            public Stream<Fact> arriving(Fact fact, Simulation world) {
                                return fact instanceof Fact.LinkChanged(String tunnel, boolean up)
                                                && !up
                                                && world.faults.http
                                        ? Stream.of(
                                                fact,
                                                new Fact.Heard(
                                                        ModelController.HTTP,
                                                        new TunnelEvent.BaseGone(
                                                                new BaseId("base-7"))))
                                        : Stream.of(fact);
                            }
                        },
                "law 7");
    }

    @Test
    void aTakeoverInstallsAnew() {
        // What is there is not known on the way that takes over.
        Plants.areFound("another way, another base", EmptyAfterTakeover::new, "rule 2", "no flip");
    }

    /** The first lists of a way that takes over are empty. */
    private static final class EmptyAfterTakeover implements Sabotage {
        private long until = Long.MIN_VALUE;
        private String way = "";

        @Override
        public Stream<Effect> leaving(Effect effect, Simulation world) {
            if (effect instanceof Effect.Send send && !send.tunnel().equals(way)) {
                until = way.isEmpty() ? until : world.time.millis() + 20_000;
                way = send.tunnel();
            }
            return Stream.of(effect);
        }

        @Override
        public Stream<Fact> arriving(Fact fact, Simulation world) {
            return world.time.millis() < until
                            && fact instanceof Fact.Heard(String tunnel, var event)
                            && event instanceof TunnelEvent.ModulesReported(var id, var modules)
                    ? Stream.of(
                            new Fact.Heard(tunnel, new TunnelEvent.ModulesReported(id, List.of())))
                    : Stream.of(fact);
        }
    }
}
