package io.koupleless.controller.simulation;

import io.koupleless.controller.peers.PeerSettings;
import java.util.ArrayList;
import java.util.List;

/** Two controllers keep a peer Deployment while bases, users and networks do as they like. */
final class PeerSimulation {
    private static final long TROUBLE = 40 * 60_000;
    private static final long PEACE = 20 * 60_000;

    final Story story;
    private final VirtualTime time = new VirtualTime();
    private final Chance chance;
    private final PeerCluster cluster;
    private final List<PeerProcess> controllers = new ArrayList<>();
    private int named;
    private boolean over;

    /**
     * @param settings that the controllers have, whatever is promised
     * @param told whether the story is kept
     */
    PeerSimulation(long seed, PeerSettings settings, PeerProcess.Plant plant, boolean told) {
        chance = new Chance(seed);
        story = new Story(time, told);
        cluster = new PeerCluster(time, chance, story, PeerSettings.defaults());
        for (int i = 1; i <= 2; i++) {
            controllers.add(
                    new PeerProcess(
                            "controller-" + i, settings, plant, time, chance, story, cluster));
        }
    }

    void run() {
        for (long bases = chance.between(1, 8); bases > 0; bases--) {
            join();
        }
        cluster.run();
        controllers.forEach(c -> time.after(chance.between(0, 60_000), c::start));
        next();
        until(TROUBLE);
        over = true;
        mend();
        until(TROUBLE + PEACE);
        converged();
    }

    private void until(long millis) {
        while (time.step(millis)) {}
    }

    private void next() {
        time.after(
                chance.between(1_000, 120_000),
                () -> {
                    if (!over) {
                        act();
                        next();
                    }
                });
    }

    private void join() {
        named++;
        cluster.join("vnode.base-" + named + ".test");
    }

    private void act() {
        List<PeerCluster.Machine> machines = List.copyOf(cluster.machines.values());
        if (machines.isEmpty()) {
            join();
            return;
        }
        PeerCluster.Machine some = chance.pick(machines);
        switch ((int) chance.between(0, 13)) {
            case 0, 1 -> join();
            case 2 -> cluster.leave(some);
            case 3, 4 -> lost(List.of(some));
            case 5 -> lost(machines.stream().filter(m -> chance.of(0.8)).toList());
            case 6 -> cluster.cordon(some, !some.cordoned);
            case 7 -> cluster.drain(some);
            case 8 -> cluster.deleteNode(some);
            case 9 -> machines.forEach(cluster::deleteNode);
            case 10 -> cluster.scaleByHand((int) chance.between(0, 9));
            case 11, 12 -> restart(chance.pick(controllers));
            case 13 -> chance.pick(controllers).apiDown(chance.between(500, 120_000));
            default -> throw new IllegalStateException();
        }
    }

    /** Bases that are not heard for a while: most come back. */
    private void lost(List<PeerCluster.Machine> silent) {
        long back = chance.between(2_000, 270_000);
        for (PeerCluster.Machine machine : silent) {
            cluster.ready(machine, false);
            time.after(back + chance.between(0, 3_000), () -> cluster.ready(machine, true));
        }
    }

    private void restart(PeerProcess controller) {
        if (chance.of(0.5)) {
            controller.stop();
        } else {
            controller.kill();
        }
        time.after(chance.between(3_500, 90_000), controller::start);
    }

    private void mend() {
        story.tell("world", "peace");
        controllers.forEach(PeerProcess::start);
        for (PeerCluster.Machine machine : cluster.machines.values()) {
            cluster.ready(machine, true);
            if (machine.cordoned) {
                cluster.cordon(machine, false);
            }
        }
    }

    private void converged() {
        int bases = cluster.machines.size();
        long placed = cluster.pods.values().stream().filter(pod -> pod.node != null).count();
        if (cluster.replicas() != bases || placed != bases || cluster.pods.size() != bases) {
            throw new Broken(
                    "convergence",
                    "%d bases, %d replicas, %d of %d Pods placed"
                            .formatted(bases, cluster.replicas(), placed, cluster.pods.size()));
        }
    }
}
