package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Several bases of one controller, with one broker and one API server: it is killed for all, they
 * are away for all. Pods of Deployments are scheduled to the bases, and move when a base is gone or
 * drained; an address that one base leaves is soon another's.
 */
final class Cluster {
    private static final long TROUBLE = 6 * 60_000;
    private static final long PATIENCE = 25 * 60_000;
    private static final long LONGEST_PAUSE = 65_000;

    private final VirtualTime time = new VirtualTime();
    private final Chance chance;
    private final Story story;
    private final List<Simulation> bases = new ArrayList<>();
    private final List<Deployment> deployments = new ArrayList<>();
    private boolean over;

    Cluster(long seed, Sabotage sabotage, boolean told) {
        this.chance = new Chance(seed * 31 + 41);
        this.story = new Story(time, told);
        int size = (int) chance.between(2, 4);
        Addresses addresses = new Addresses(true);
        for (int i = 1; i <= size; i++) {
            bases.add(
                    Simulation.neighbour(
                            seed * 17 + i, sabotage, "base-" + i, "10.0.0." + i, time, told));
        }
        bases.forEach(base -> base.meet(bases, addresses));
        for (int i = 1; i <= chance.between(1, 3); i++) {
            deployments.add(new Deployment("app-" + i, new ModuleRef("app" + i, "1.0.0")));
        }
    }

    void run() {
        bases.forEach(Simulation::start);
        control();
        change();
        go(TROUBLE);
        over = true;
        bases.forEach(Simulation::peace);
        settle("when the faults were over");
        go(time.millis() + LONGEST_PAUSE);
        settle("and again a little later");
    }

    String story() {
        StringBuilder text = new StringBuilder(story.text());
        for (Simulation base : bases) {
            text.append("\n==== ").append(base.node).append('\n').append(base.story.text());
        }
        return text.toString();
    }

    private void settle(String when) {
        long end = time.millis() + PATIENCE;
        Optional<String> why = missing();
        while (why.isPresent() && time.millis() < end) {
            go(time.millis() + 1_000);
            why = missing();
        }
        if (why.isPresent()) {
            throw new Broken("convergence", when + ": " + why.get());
        }
    }

    private Optional<String> missing() {
        for (Simulation base : bases) {
            Optional<String> why = Convergence.missing(base);
            if (why.isPresent()) {
                return why.map(text -> base.node + ": " + text + " " + base.controller.state());
            }
        }
        return deployments.stream()
                .filter(deployment -> deployment.pods().size() != deployment.replicas)
                .map(deployment -> deployment.name + " has " + deployment.pods())
                .findFirst();
    }

    private void go(long untilMillis) {
        while (time.step(untilMillis)) {
            // The next thing has happened.
        }
    }

    /** What kube-controller-manager and the scheduler do, a second at a time. */
    private void control() {
        deployments.forEach(Deployment::reconcile);
        time.after(1_000, this::control);
    }

    private void change() {
        time.after(
                chance.between(5_000, 60_000),
                () -> {
                    if (!over) {
                        chance.pick(deployments).change();
                        change();
                    }
                });
    }

    /** As many Pods of one revision as are wanted, on as many bases as there are. */
    private final class Deployment {
        private final String name;
        private final ModuleRef module;
        private int replicas;
        private int revision = 1;
        private int made;

        private Deployment(String name, ModuleRef module) {
            this.name = name;
            this.module = module;
            this.replicas = (int) chance.between(1, bases.size());
        }

        private String hash() {
            return name + "-" + revision;
        }

        /** Living Pods of any revision. */
        private List<ModulePod> pods() {
            return bases.stream()
                    .flatMap(base -> base.api.pods().stream())
                    .filter(pod -> pod.ref().name().startsWith(name + "-"))
                    .filter(Pods::lives)
                    .toList();
        }

        private void change() {
            if (chance.of(0.5)) {
                revision++;
                story.tell("user", "rolls out", hash());
            } else if (chance.of(0.5)) {
                replicas = (int) chance.between(0, bases.size());
                story.tell("user", "scales", name, "to", replicas);
            } else {
                List<ModulePod> all = pods();
                if (!all.isEmpty()) {
                    ModulePod one = chance.pick(all);
                    story.tell("user", "evicts", one.ref());
                    delete(one);
                }
            }
        }

        private void reconcile() {
            List<ModulePod> all = pods();
            Optional<ModulePod> old =
                    all.stream().filter(pod -> !pod.revision().equals(hash())).findFirst();
            if (all.size() < replicas) {
                somewhere().ifPresent(this::create);
            } else if (old.isPresent()) {
                delete(old.get());
            } else if (all.size() > replicas) {
                delete(all.getLast());
            }
        }

        /** A Ready base that has none of these Pods, be it one that goes. */
        private Optional<Simulation> somewhere() {
            List<Simulation> free =
                    bases.stream()
                            .filter(base -> base.api.nodeReady() && tolerated(base))
                            .filter(base ->
                                    base.api.pods().stream()
                                            .noneMatch(
                                                    pod -> pod.ref().name().startsWith(name + "-")))
                            .toList();
            return free.isEmpty() ? Optional.empty() : Optional.of(chance.pick(free));
        }

        /** Those of every virtual node alone. */
        private static boolean tolerated(Simulation base) {
            return base.api.node().map(ObservedNode::taints).orElseThrow().size() <= 2;
        }

        private void create(Simulation base) {
            made++;
            String url = Jars.right(module, revision);
            story.tell("scheduler", "puts", name + "-" + made, "on", base.node);
            base.deploy(name + "-" + made, hash(), Pods.container(module, url));
        }

        private void delete(ModulePod pod) {
            bases.stream()
                    .filter(base -> base.node.equals(pod.nodeName()))
                    .forEach(base -> base.end(pod));
        }
    }
}
