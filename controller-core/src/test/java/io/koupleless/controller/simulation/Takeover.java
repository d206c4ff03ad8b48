package io.koupleless.controller.simulation;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What users may expect of a base that is reached in more than one way: the way that works is
 * taken, and whoever looks at Nodes and Pods sees nothing of that but a label.
 */
final class Takeover {
    private static final long SOON = Duration.ofSeconds(100).toNanos();
    private static final long AGES = Duration.ofSeconds(60).toNanos();

    /** A Node may become not Ready for these. */
    private static final Set<String> REASONS =
            Set.of("BaseSilent", "BaseNotActivated", "BaseTerminating");

    private final Simulation world;
    private final Map<String, Long> brokenUntil = new TreeMap<>();
    private final Map<String, Long> workedUntil = new TreeMap<>();

    Takeover(Simulation world) {
        this.world = world;
    }

    private long since(Map<String, Long> last, String tunnel) {
        return world.time.nanos() - last.getOrDefault(tunnel, 0L);
    }

    /** Some seconds after the last look. */
    void look(boolean calm) {
        if (!world.faults.http || !world.faults.mqtt) {
            return;
        }
        note(ModelController.MQTT, world.base.listens(), mqttWorks());
        note(ModelController.HTTP, world.http.connected(), world.http.works());
        if (calm && !world.invariants.othersLease()) {
            taken(ModelController.MQTT, ModelController.HTTP);
            taken(ModelController.HTTP, ModelController.MQTT);
        }
    }

    private boolean mqttWorks() {
        return world.base.listens() && world.wire.baseConnected() && !world.base.heartsDead();
    }

    private void note(String tunnel, boolean reached, boolean works) {
        boolean link = world.controller.linkUp(tunnel);
        boolean network = !tunnel.equals(ModelController.MQTT) || world.wire.baseConnected();
        if (link && reached && network) {
            workedUntil.put(tunnel, world.time.nanos());
        }
        if (!link || !works) {
            brokenUntil.put(tunnel, world.time.nanos());
        }
    }

    private void taken(String dead, String alive) {
        if (since(workedUntil, dead) < SOON || since(brokenUntil, alive) < SOON) {
            return;
        }
        Optional<ObservedNode> node = world.api.node();
        String way = node.map(n -> n.labels().getOrDefault(Labels.VNODE_TUNNEL, "")).orElse("-");
        if (!way.equals(alive) || !world.api.nodeReady()) {
            throw new Broken(
                    "takeover",
                    "%s is dead and %s works, but the Node is %sReady over %s"
                            .formatted(dead, alive, world.api.nodeReady() ? "" : "not ", way));
        }
    }

    /** A Node that is Ready stays so as long as its base is heard. */
    void nodeStatusAsked(NodeStatus status) {
        Optional<NodeCondition> ready =
                status.conditions().stream()
                        .filter(c -> c.type().equals(NodeCondition.READY))
                        .findFirst();
        boolean flips =
                world.api.nodeReady()
                        && ready.filter(c -> !c.isTrue() && !REASONS.contains(c.reason()))
                                .isPresent();
        if (flips) {
            throw new Broken("no flip", "the Node becomes not Ready: " + ready.orElseThrow());
        }
    }

    /** So does a Pod whose module has long been there, and whose Node is Ready. */
    void podStatusAsked(ModulePod pod, PodStatus next) {
        Optional<PodCondition> ready = next.condition(PodCondition.READY);
        boolean flips =
                pod.status().isTrue(PodCondition.READY)
                        && ready.filter(c -> !c.status()).isPresent()
                        && !ready.orElseThrow().reason().equals("NodeNotReady");
        boolean reason =
                pod.terminating()
                        || next.phase().terminal()
                        || !pod.readinessGates().isEmpty()
                        || pod.containers().stream().anyMatch(c -> !c.probes().isEmpty());
        if (flips && !reason && pod.containers().stream().allMatch(c -> longThere(pod, c))) {
            throw new Broken("no flip", pod.ref() + " becomes not Ready: " + ready.orElseThrow());
        }
    }

    private boolean longThere(ModulePod pod, ModuleContainer container) {
        if (!(container.wanted() instanceof ModuleContainer.Module module)) {
            return false;
        }
        ModuleRef ref = module.ref();
        ModuleEntry entry = world.api.record().modules().get(ref);
        if (entry == null
                || entry.state() != EntryState.INSTALLED
                || !entry.owner().equals(pod.ref())
                || !entry.urlHash().equals(module.urlHash())
                || !world.api.neverShared(ref)
                || world.invariants.isMuddled(ref)) {
            return false;
        }
        ModelBase.Biz biz = world.base.modules().get(entry.installed());
        return biz != null
                && biz.state == ModuleState.ACTIVATED
                && world.time.nanos() - biz.activeSince > AGES;
    }
}
