package io.koupleless.controller.simulation;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.node.NodeCondition;
import io.koupleless.controller.node.NodeStatus;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Operation;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Fact;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNode;
import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What must be true at every step, whatever the world does. */
final class Invariants {
    /**
     * An answer that is later than the age of its process looks like another restart: answers carry
     * no id.
     */
    private static final long YOUNG = Duration.ofSeconds(30).toNanos();

    private static final Duration AGES = Duration.ofSeconds(30);
    private static final int IDLE_STEPS = 20;

    private final Simulation world;
    private final VNodeSettings settings;
    private final List<Sent> commands = new ArrayList<>();
    private final Set<ModuleRef> muddled = new HashSet<>();
    private final Map<Object, Effect> underWay = new HashMap<>();
    private final Map<ModuleRef, Long> recordedAt = new HashMap<>();
    private long leaseGoodUntil = Long.MIN_VALUE;
    private int generation;
    private final Map<Effect, Long> leaseAsked = new HashMap<>();
    private long apiFault = Long.MIN_VALUE / 2;
    private long otherRenewed = Long.MIN_VALUE / 2;
    private long idleFrom = Long.MIN_VALUE / 2;
    private int idleSteps;

    Invariants(Simulation world, VNodeSettings settings) {
        this.world = world;
        this.settings = settings;
    }

    private static void check(boolean holds, String rule, Object... what) {
        if (!holds) {
            StringBuilder text = new StringBuilder();
            for (Object part : what) {
                text.append(part).append(' ');
            }
            throw new Broken(rule, text.toString().trim());
        }
    }

    private long since(long nanos) {
        return world.time.nanos() - nanos;
    }

    private static long nanos(Duration duration) {
        return duration.toNanos();
    }

    /** Commands or answers of this module came twice: counting them proves nothing any more. */
    void muddled(Sent sent) {
        muddled.add(sent.ref);
    }

    boolean isMuddled(ModuleRef ref) {
        return muddled.contains(ref);
    }

    private boolean isMuddled(Sent sent) {
        return isMuddled(sent.ref) || isMuddled(sent.key);
    }

    void apiFault() {
        apiFault = world.time.nanos();
    }

    /** Another controller holds the Lease from now on, and does nothing for Pods. */
    void otherRenewed() {
        otherRenewed = world.time.nanos();
        apiFault();
    }

    /** The API server did for so long what it was asked for. */
    boolean quietFor(Duration time) {
        return since(apiFault) > nanos(time) && !world.apiDown();
    }

    boolean othersLease() {
        return world.api
                .lease()
                .filter(lease -> lease.holder().equals(OtherController.IDENTITY))
                .isPresent();
    }

    void controllerKilled() {
        underWay.clear();
        leaseAsked.clear();
        leaseGoodUntil = Long.MIN_VALUE;
    }

    // ---- commands

    void commanded(Effect.Send send, Sent sent) {
        ModuleRef ref = sent.ref;
        check(!ref.equals(ModelBase.MASTER), "rule 16", "the base itself is a target:", sent);
        check(
                world.controller.linkUp(send.tunnel()),
                "rule 18",
                "sent while the link is down:",
                sent);
        check(send.fenceNanos() <= leaseGoodUntil, "rule 8", "fence open too long:", sent);
        check(!othersLease(), "rule 8", "sent under another's Lease:", sent);
        ModuleEntry entry = recorded(sent);
        sent.key = entry.ref();
        check(
                world.api.record().generation() == generation,
                "rule 4",
                "the record is of another generation:",
                sent);
        inFlight(sent, entry);
        crossing(sent);
        if (sent.command instanceof Command.Install install) {
            installed(install, entry);
        } else {
            taken(ref, entry);
        }
        commands.add(sent);
        long open =
                commands.stream()
                        .filter(c -> c.controllerProcess == sent.controllerProcess)
                        .filter(c -> c.baseProcess == sent.baseProcess && !c.closed && !c.together)
                        .filter(c -> since(c.at) < nanos(deadline(c.operation)))
                        .filter(c -> c.at - world.base.startedAt() > YOUNG)
                        .count();
        boolean http = send.tunnel().equals(ModelController.HTTP);
        int most = http ? ModelController.CHANGES_OVER_HTTP : settings.limits().unanswered();
        check(open <= most || sent.together, "limit", open, "commands unanswered");
    }

    private ModuleEntry recorded(Sent sent) {
        boolean install = sent.operation == Operation.INSTALL;
        Optional<ModuleEntry> entry =
                world.api.record().modules().values().stream()
                        .filter(e -> (install ? e.ref() : e.installed()).equals(sent.ref))
                        .findFirst();
        boolean covered =
                entry.map(ModuleEntry::state)
                        .filter(state ->
                                install
                                        ? state == EntryState.INSTALLING
                                        : state == EntryState.RELOADING
                                                || state == EntryState.REMOVING)
                        .isPresent();
        check(covered, "rule 4", sent, "is not covered by the record:", entry);
        return entry.orElseThrow();
    }

    private Duration deadline(Operation operation) {
        return operation == Operation.INSTALL
                ? settings.times().installDeadline()
                : settings.times().uninstallDeadline();
    }

    private void inFlight(Sent sent, ModuleEntry entry) {
        Duration deadline = deadline(sent.operation);
        Sent last = null;
        for (Sent other : commands) {
            boolean twin =
                    other.key.equals(sent.key)
                            && other.operation == sent.operation
                            && other.baseProcess == sent.baseProcess
                            && !other.closed;
            boolean ours = other.controllerProcess == sent.controllerProcess;
            // Whether it went to this process of the base or to the one before is not known.
            boolean betweenBoth = other.at - world.base.startedAt() < YOUNG;
            check(
                    !(twin && ours && since(other.at) < nanos(deadline))
                            || betweenBoth
                            || isMuddled(sent),
                    "law 5",
                    "sent again while its twin is in flight:",
                    sent);
            last = twin && !ours ? other : last;
        }
        sent.recordedAt = recordedAt.getOrDefault(sent.ref, sent.at);
        boolean tooEarly =
                last != null
                        && sent.operation == Operation.INSTALL
                        && since(Math.min(last.recordedAt, last.at))
                                < nanos(deadline) - 4_000_000_000L
                        && last.at - world.base.startedAt() > YOUNG
                        && !world.wallWasSet()
                        && !isMuddled(sent);
        check(!tooEarly, "rule 7", "sent again before the inherited one's deadline:", sent);
    }

    private void crossing(Sent sent) {
        for (Sent other : commands) {
            boolean opposite =
                    other.key.equals(sent.key)
                            && other.operation != sent.operation
                            && other.baseProcess == sent.baseProcess
                            && other.controllerProcess == sent.controllerProcess
                            && !other.closed
                            && other.at - world.base.startedAt() > YOUNG
                            && !isMuddled(sent);
            check(
                    !opposite || since(other.at) >= 2 * nanos(deadline(other.operation)),
                    "rule 1",
                    sent,
                    "may be overtaken by",
                    other);
        }
    }

    private void installed(Command.Install install, ModuleEntry entry) {
        check(
                Pods.hash(install.url().toString()).equals(entry.urlHash()),
                "rule 4",
                "another URL is recorded for",
                install);
        ModelBase.Biz there = world.base.modules().get(install.ref());
        boolean longThere =
                there != null
                        && there.asked.equals(there.ref)
                        && there.state == ModuleState.ACTIVATED
                        && since(there.activeSince) > nanos(AGES)
                        && !isMuddled(install.ref());
        check(!longThere, "rule 2", "installed though it has been there for long:", install);
    }

    /** A living Pod's module is uninstalled only to be installed again. */
    private void taken(ModuleRef ref, ModuleEntry entry) {
        check(
                !entry.owner().equals(PodRef.NOBODY)
                        || world.orphans == VNodeSettings.Orphans.UNINSTALL,
                "law 6",
                ref,
                "is nobody's and taken away");
        Optional<ModulePod> owner = world.api.pod(entry.owner().uid());
        boolean wanted =
                owner.filter(Pods::lives).filter(p -> Pods.asksFor(p, entry.ref())).isPresent();
        check(
                entry.state() == EntryState.RELOADING || !wanted,
                "law 6",
                ref,
                "is taken from a living Pod",
                entry.owner());
    }

    /** Nobody asks to be woken again and again for nothing. */
    void stepped(List<Fact> facts, VNode.Step step) {
        boolean idle =
                step.effects().isEmpty() && facts.stream().allMatch(Fact.Woken.class::isInstance);
        if (!idle || since(idleFrom) > nanos(Duration.ofSeconds(2))) {
            idleFrom = world.time.nanos();
            idleSteps = 0;
        }
        idleSteps++;
        check(
                idleSteps < IDLE_STEPS,
                "no idle work",
                idleSteps,
                "steps in two seconds for nothing");
    }

    void answered(Sent sent) {
        sent.closed = true;
    }

    /** A module left the base. */
    void uninstalled(ModuleRef ref, @Nullable Sent by) {
        check(by != null && by.ref.equals(ref), "rule 6", ref, "went by", by);
    }

    void killed(ModuleRef ref, @Nullable Sent by) {
        throw new Broken("rule 6", ref + " was killed by " + by);
    }

    // ---- requests

    private static @Nullable Object target(Effect effect) {
        return switch (effect) {
            case Effect.WriteLease w -> "lease";
            case Effect.WriteRecord w -> "record";
            case Effect.CreateNode n -> "node";
            case Effect.PatchNodeSpec n -> "node";
            case Effect.PatchNodeStatus n -> "node";
            case Effect.DeleteNode n -> "node";
            case Effect.PatchPodStatus p -> p.pod().uid();
            default -> null;
        };
    }

    /** The API server has a Pod or the Node as it was not before. */
    void stored() {
        world.gated.look();
    }

    void requested(Effect effect) {
        Object target = target(effect);
        if (target != null) {
            Effect other = underWay.put(target, effect);
            check(other == null, "rule 14", "two writes under way:", effect, other);
        }
        boolean owners =
                target != null
                        && !(effect instanceof Effect.WriteLease)
                        && !(effect instanceof Effect.CreateNode);
        check(!owners || !othersLease(), "rule 8", "written under another's Lease:", effect);
        switch (effect) {
            case Effect.WriteLease write -> leaseAsked.put(write, world.time.nanos());
            case Effect.PatchPodStatus patch -> podStatusAsked(patch);
            case Effect.PatchBasePod patch -> world.gated.asked(patch);
            case Effect.PatchNodeStatus(NodeStatus status) -> nodeStatusAsked(status);
            case Effect.WriteRecord(BaseRecord record, var version) ->
                    check(
                            !record.equals(world.api.record())
                                    || !version.equals(world.api.recordVersion()),
                            "rule 14",
                            "the record says so already");
            case Effect.DeleteNode delete -> nodeDeleted();
            case Effect.DeletePod(var ref) -> podDeleted(ref.uid());
            default -> {
                // Reads and words to people.
            }
        }
    }

    void finished(Effect effect, Outcome outcome) {
        Object target = target(effect);
        if (target != null) {
            underWay.remove(target);
        }
        if (outcome instanceof Outcome.Failed) {
            apiFault();
        }
        Long asked = leaseAsked.remove(effect);
        if (asked != null
                && outcome instanceof Outcome.Written
                && effect instanceof Effect.WriteLease(LeaseWrite write)) {
            leaseGoodUntil = asked + nanos(settings.times().leaseDuration());
            generation = write.transitions();
        }
    }

    void leaseWritten(Optional<ObservedLease> before, LeaseWrite write) {
        Instant last = before.flatMap(ObservedLease::renewTime).orElse(Instant.MIN);
        check(write.renewTime().isAfter(last), "rule 9", write.renewTime(), "after", last);
        check(
                !othersLease() || since(otherRenewed) >= nanos(settings.times().leaseDuration()),
                "rule 10",
                "another's Lease is taken after",
                Duration.ofNanos(since(otherRenewed)));
    }

    void recordWritten(BaseRecord before, BaseRecord next) {
        for (ModuleEntry entry : next.modules().values()) {
            ModuleEntry old = before.modules().get(entry.ref());
            if (entry.state() == EntryState.INSTALLING
                    && (old == null || !old.sentAt().equals(entry.sentAt()))) {
                recordedAt.put(entry.ref(), world.time.nanos());
            }
            if (old != null && entry.state() == EntryState.RELOADING) {
                reloaded(old, entry);
            }
        }
    }

    private void reloaded(ModuleEntry old, ModuleEntry entry) {
        boolean handedOver = !old.owner().equals(entry.owner());
        Optional<ModulePod> owner =
                world.api
                        .pod(old.owner().uid())
                        .filter(Pods::lives)
                        .filter(p -> Pods.asksFor(p, entry.ref()));
        if (handedOver && owner.isPresent()) {
            Optional<String> other = world.api.pod(entry.owner().uid()).map(ModulePod::revision);
            check(
                    !other.equals(owner.map(ModulePod::revision)),
                    "rule 5",
                    entry.owner(),
                    "takes the module of",
                    old.owner(),
                    "which lives and is of the same revision");
        }
    }

    // ---- status of Pods and Nodes

    void probed(Effect.Probe probe) {
        check(world.controller.anyLinkUp(), "rule 18", "probed while the link is down:", probe);
        check(!othersLease(), "rule 8", "probed under another's Lease:", probe);
    }

    private void podStatusAsked(Effect.PatchPodStatus patch) {
        Optional<ModulePod> pod = world.api.pod(patch.pod().uid());
        if (pod.isEmpty()) {
            return;
        }
        boolean current =
                world.controller
                        .cached(patch.pod().uid())
                        .filter(c -> c.resourceVersion().equals(pod.get().resourceVersion()))
                        .isPresent();
        PodStatus before = pod.get().status();
        boolean same = ModelApi.merged(before, patch.status()).equals(before);
        check(!(current && same), "rule 14", "the status says so already:", patch.pod());
        world.wellness.statusAsked(pod.get(), patch.status());
        world.takeover.podStatusAsked(pod.get(), patch.status());
        if (patch.status().isTrue(PodCondition.READY)) {
            Pods.modules(pod.get())
                    .forEach(m ->
                            check(
                                    !isReplaced(m.ref(), pod.get()),
                                    "rule 6",
                                    "Ready though it is being replaced:",
                                    m.ref()));
            Pods.modules(pod.get())
                    .forEach(m ->
                            check(
                                    world.base.wasActive(m.ref(), 60_000),
                                    "rule 2",
                                    "Ready though not active:",
                                    m.ref()));
            check(
                    !quietFor(Duration.ofMinutes(1)) || !longSilent(Duration.ofSeconds(15)),
                    "rule 15",
                    "Ready on a silent base");
            for (String gate : pod.get().readinessGates()) {
                check(
                        before.condition(gate).isPresent(),
                        "readiness gate",
                        pod.get().ref(),
                        "is Ready and its gate was never open");
            }
        }
    }

    /**
     * What is there is to go first, so that this Pod's own can be installed. A list that is late or
     * comes twice may show it once more, and nobody can tell.
     */
    private boolean isReplaced(ModuleRef ref, ModulePod pod) {
        ModuleEntry entry = world.api.record().modules().get(ref);
        boolean honest = world.faults.lateMessages == 0 && world.faults.repeatedMessages == 0;
        return honest
                && entry != null
                && entry.state() == EntryState.RELOADING
                && entry.owner().equals(pod.ref());
    }

    /** Nothing was heard for so long, though it could have been. */
    private boolean longSilent(Duration slack) {
        return world.controller.linksUp()
                && since(world.controller.quietSince())
                        > nanos(settings.times().silentAfter().plus(slack));
    }

    void podStatusWritten(ModulePod pod, PodStatus next) {
        PodStatus.Phase before = pod.status().phase();
        check(
                !before.terminal() || next.phase() == before,
                "rule 17",
                pod.ref(),
                "was over and is revived");
        boolean outOfTime =
                next.reason().equals("DeadlineExceeded")
                        && pod.terms().activeDeadline().isPresent();
        check(
                next.phase() != PodStatus.Phase.FAILED
                        || pod.restartPolicy() == ModulePod.RestartPolicy.NEVER
                        || outOfTime,
                "rule 17",
                pod.ref(),
                "is Failed for ever");
        check(!outOfTime || isTimeUp(pod), "rule 17", pod.ref(), "is over before its time");
    }

    /** Counted from its start, by the wall clock. */
    private boolean isTimeUp(ModulePod pod) {
        Instant earliest = world.time.now().wall().plusSeconds(1);
        Duration limit = pod.terms().activeDeadline().orElse(Duration.ZERO);
        return world.wallWasSet()
                || pod.status()
                        .startTime()
                        .filter(start -> !start.plus(limit).isAfter(earliest))
                        .isPresent();
    }

    /** What ended under Never has ended. */
    void containersWritten(ModulePod pod, PodStatus next) {
        for (ModuleContainer container : pod.containers()) {
            boolean revived =
                    pod.ended(container.name())
                            && !pod.status()
                                    .container(container.name())
                                    .map(ContainerStatus::state)
                                    .equals(
                                            next.container(container.name())
                                                    .map(ContainerStatus::state));
            check(!revived, "rule 17", pod.ref(), container.name(), "had ended and is revived");
        }
    }

    private void nodeStatusAsked(NodeStatus status) {
        world.takeover.nodeStatusAsked(status);
        boolean current =
                world.controller
                        .cachedNode()
                        .map(n -> n.resourceVersion())
                        .equals(world.api.node().map(n -> n.resourceVersion()));
        boolean same = world.api.node().filter(n -> n.status().equals(status)).isPresent();
        check(!(current && same), "rule 14", "the Node says so already");
        boolean silent =
                status.conditions().stream()
                        .anyMatch(c ->
                                c.type().equals(NodeCondition.READY)
                                        && c.reason().equals("BaseSilent"));
        boolean news = silent && world.api.nodeReady();
        long quiet = since(world.controller.quietAtMostSince());
        check(
                !news
                        || quiet >= nanos(settings.times().silentAfter()) - 3_000_000_000L
                        || since(world.controller.lastLongQuiet()) < nanos(Duration.ofMinutes(5)),
                "rule 18",
                "judged silent after",
                Duration.ofNanos(quiet));
    }

    void nodeStatusWritten(NodeStatus before, NodeStatus next) {
        // Counted by the API server's version alone.
    }

    private void nodeDeleted() {
        long quiet = since(world.controller.quietAtMostSince());
        check(
                quiet >= nanos(settings.times().deleteAfter()) - 30_000_000_000L,
                "law 7",
                "the Node is deleted after",
                Duration.ofNanos(quiet));
    }

    private void podDeleted(String uid) {
        Optional<ModulePod> pod = world.api.pod(uid);
        if (pod.isEmpty()) {
            return;
        }
        if (!pod.get().terminating()) {
            check(world.api.node().isEmpty(), "law 6", "a living Pod is deleted");
            return;
        }
        if (!world.base.up() || world.api.node().isEmpty()) {
            return;
        }
        for (ModuleEntry entry : world.api.record().modules().values()) {
            boolean its = entry.owner().uid().equals(uid);
            ModelBase.Biz biz = world.base.modules().get(entry.installed());
            boolean held =
                    its
                            && biz != null
                            && since(biz.activeSince) > nanos(AGES)
                            && world.api.neverShared(entry.ref())
                            && !isMuddled(entry.ref());
            check(!held, "law 6", "ended before its module was uninstalled:", entry);
        }
    }

    /** Looked at from time to time. */
    void look() {
        boolean calm = since(apiFault) > nanos(Duration.ofMinutes(3)) && !world.apiDown();
        world.takeover.look(calm);
        if (!calm || !longSilent(Duration.ofSeconds(40)) || world.api.node().isEmpty()) {
            return;
        }
        for (ModulePod pod : world.api.pods()) {
            boolean ours = pod.labelled() && Pods.lives(pod);
            check(
                    !(ours && pod.status().isTrue(PodCondition.READY)),
                    "rule 15",
                    pod.ref(),
                    "is Ready on a base that is long silent");
        }
    }
}
