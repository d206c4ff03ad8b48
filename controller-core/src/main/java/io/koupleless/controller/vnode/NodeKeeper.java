package io.koupleless.controller.vnode;

import io.koupleless.controller.node.BaseFacts;
import io.koupleless.controller.node.Labels;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeSpec;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.node.NodeTemplate;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.node.Quantity;
import io.koupleless.controller.node.Taint;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps the Node object as the base is: one write in flight for each of its parts. */
final class NodeKeeper {
    private static final Duration CONFLICT_PAUSE = Duration.ofMillis(200);

    private final NodeTemplate template;
    private final VNodeSettings.Times times;
    private Optional<ObservedNode> observed = Optional.empty();
    private @Nullable NodeStatus written;
    private final long settledAt;

    /** What the Node says already; empty when that has to be looked at again. */
    private Optional<Said> said = Optional.empty();

    private boolean busy;
    private boolean deleted;
    private long notBefore;
    private int failures;

    private record Said(BaseFacts facts, boolean settled) {}

    NodeKeeper(NodeTemplate template, VNodeSettings.Times times, Moment now) {
        this.template = template;
        this.times = times;
        this.notBefore = now.nanos();
        this.settledAt = now.plus(times.silentAfter());
    }

    Optional<ObservedNode> observed() {
        return observed;
    }

    /** The Node, as watched, is Ready. */
    boolean showsReady() {
        return observed.stream()
                .flatMap(node -> node.status().conditions().stream())
                .anyMatch(c -> c.type().equals(NodeCondition.READY) && c.isTrue());
    }

    boolean deleted() {
        return deleted;
    }

    /** A version older than our own last write is news of the past. */
    void seen(Optional<ObservedNode> node) {
        boolean past =
                node.isPresent()
                        && observed.filter(known -> known.uid().equals(node.get().uid()))
                                .filter(known -> older(node.get(), known))
                                .isPresent();
        if (!past) {
            observed = node;
            written = null;
            said = Optional.empty();
        }
    }

    private static boolean older(ObservedNode node, ObservedNode known) {
        return !Versions.atLeast(node.resourceVersion(), known.resourceVersion());
    }

    void reconcile(BaseFacts facts, Outbox out, Moment now) {
        if (busy || deleted) {
            return;
        }
        boolean settled = now.reached(settledAt);
        if (!settled) {
            out.wake(settledAt);
        }
        Said saying = new Said(facts, settled);
        if (said.filter(saying::equals).isPresent()) {
            return;
        }
        if (!now.reached(notBefore)) {
            out.wake(notBefore);
            return;
        }
        NodeSpec spec = template.spec(facts, observed, settled);
        if (observed.isEmpty()) {
            NodeStatus status = template.status(facts.unprobed(), spec, List.of(), now.wall());
            send(new Effect.CreateNode(spec, status, facts.base().hostName()), out);
            return;
        }
        ObservedNode node = observed.get();
        NodeStatus current = written == null ? node.status() : written;
        NodeStatus status = template.status(facts, spec, current.conditions(), now.wall());
        boolean placed = !differs(spec, node);
        // What the scheduler chooses by is there before the Node is Ready.
        if (differs(status, current) && (placed || showsReady() || failures > 0)) {
            written = status;
            send(new Effect.PatchNodeStatus(status), out);
        } else if (!placed) {
            send(new Effect.PatchNodeSpec(spec, node), out);
        } else {
            said = Optional.of(saying);
        }
    }

    void delete(Outbox out, Moment now) {
        if (busy || deleted) {
            return;
        }
        if (observed.isEmpty()) {
            deleted = true;
            return;
        }
        if (!now.reached(notBefore)) {
            out.wake(notBefore);
            return;
        }
        ObservedNode node = observed.get();
        send(new Effect.DeleteNode(node.uid(), node.resourceVersion()), out);
    }

    private void send(Effect effect, Outbox out) {
        busy = true;
        out.add(effect);
    }

    void finished(Effect effect, Outcome outcome, Moment now) {
        busy = false;
        said = Optional.empty();
        switch (outcome) {
            case Outcome.NodeCreated(ObservedNode node) -> {
                observed = Optional.of(node);
                failures = 0;
            }
            case Outcome.Done() -> succeeded(effect);
            case Outcome.Written(String version) -> {
                succeeded(effect);
                observed = observed.map(node -> node.at(version));
            }
            case Outcome.Missing() -> {
                deleted = effect instanceof Effect.DeleteNode;
                observed = Optional.empty();
                written = null;
            }
            // Somebody wrote in between; the watch brings what, and there is nothing to wait out.
            case Outcome.Conflict() -> {
                written = null;
                notBefore = now.plus(CONFLICT_PAUSE);
            }
            default -> {
                written = null;
                failures++;
                notBefore = now.plus(times.writeRetry().multipliedBy(1L << Math.min(failures, 6)));
            }
        }
    }

    private void succeeded(Effect effect) {
        failures = 0;
        deleted = effect instanceof Effect.DeleteNode;
        if (effect instanceof Effect.PatchNodeSpec(NodeSpec spec, ObservedNode before)) {
            observed = observed.map(node -> patched(node, spec));
        }
    }

    private static ObservedNode patched(ObservedNode node, NodeSpec spec) {
        Map<String, String> labels = new HashMap<>(node.labels());
        labels.putAll(spec.labels());
        labels.keySet().removeAll(spec.obsoleteLabels());
        Map<String, String> annotations = new HashMap<>(node.annotations());
        annotations.putAll(spec.annotations());
        annotations.keySet().removeAll(spec.obsoleteAnnotations());
        List<Taint> taints = new ArrayList<>(spec.taints());
        node.taints().stream().filter(t -> !Labels.isOurTaint(t.key())).forEach(taints::add);
        return new ObservedNode(
                node.name(),
                node.uid(),
                node.resourceVersion(),
                labels,
                annotations,
                taints,
                node.status(),
                node.unschedulable());
    }

    private static boolean differs(NodeSpec spec, ObservedNode node) {
        return !contains(node.labels(), spec.labels())
                || !contains(node.annotations(), spec.annotations())
                || !Collections.disjoint(node.labels().keySet(), spec.obsoleteLabels())
                || !Collections.disjoint(node.annotations().keySet(), spec.obsoleteAnnotations())
                || !ours(node.taints()).equals(new HashSet<>(spec.taints()));
    }

    private static Set<Taint> ours(List<Taint> taints) {
        Set<Taint> ours = new HashSet<>();
        taints.stream().filter(t -> Labels.isOurTaint(t.key())).forEach(ours::add);
        return ours;
    }

    private static boolean contains(Map<String, String> all, Map<String, String> some) {
        return all.entrySet().containsAll(some.entrySet());
    }

    private static boolean differs(NodeStatus next, NodeStatus current) {
        boolean conditions =
                next.conditions().stream().allMatch(c -> saidIn(current.conditions(), c));
        return !conditions
                || !next.addresses().equals(current.addresses())
                || !Quantity.same(next.capacity(), current.capacity())
                || !Quantity.same(next.allocatable(), current.allocatable())
                || !next.runtimeVersion().equals(current.runtimeVersion());
    }

    private static boolean saidIn(List<NodeCondition> conditions, NodeCondition wanted) {
        return conditions.stream().anyMatch(c -> c.saysTheSameAs(wanted));
    }
}
