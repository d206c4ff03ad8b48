package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodOfBase;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.workload.Workload;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** Hands each fact to the part that it concerns, and knows whether modules or Pods need a look. */
final class Intake {
    private final BaseWatch watch;
    private final LeaseHold lease;
    private final Ledger ledger;
    private final Pods pods;
    private final ModuleKeeper modules;
    private final NodeKeeper node;
    private final PodKeeper podKeeper;
    private final RolloutGate gate;
    private boolean dirty = true;
    private boolean conflictTold;
    private boolean retired;

    Intake(Parts parts) {
        this.watch = parts.watch();
        this.lease = parts.lease();
        this.ledger = parts.ledger();
        this.pods = parts.pods();
        this.modules = parts.modules();
        this.node = parts.node();
        this.podKeeper = parts.podKeeper();
        this.gate = parts.gate();
    }

    /** Something was taken since the last look that modules or Pods may depend on. */
    boolean dirty() {
        return dirty;
    }

    void soil() {
        dirty = true;
    }

    void looked() {
        dirty = false;
    }

    /** Nothing of this virtual node is left. */
    boolean retired() {
        return retired;
    }

    void take(Fact fact, Outbox out, Moment now) {
        switch (fact) {
            case Fact.Heard(String tunnel, TunnelEvent.OfBase event) ->
                    hear(tunnel, event, out, now);
            case Fact.LinkChanged(String tunnel, boolean up) -> {
                watch.link(tunnel, up, node.showsReady(), now);
                dirty = true;
            }
            case Fact.PodsSynced() -> {
                pods.syncedNow();
                dirty = true;
            }
            case Fact.PodSeen(ModulePod pod) -> dirty |= pods.seen(pod, now);
            case Fact.PodUnseen(PodRef pod) -> {
                pods.unseen(pod);
                dirty = true;
            }
            case Fact.WorkloadsSeen(List<Workload> workloads) -> {
                modules.expectations().seen(workloads);
                dirty = true;
            }
            case Fact.BasePodsSeen(List<PodOfBase> seen) -> basePodsSeen(seen);
            case Fact.NodeSeen(Optional<ObservedNode> seen) -> nodeSeen(seen);
            case Fact.Finished(Effect effect, Outcome outcome) ->
                    finished(effect, outcome, out, now);
            case Fact.Woken() -> {
                // Whatever is due is found by looking.
            }
        }
    }

    /** Whoever reaches the base over HTTP may know this already, from its own source. */
    private void basePodsSeen(List<PodOfBase> seen) {
        boolean gone = gate.seen(seen, watch.base().ip(), watch.base().hostName());
        if (gone) {
            watch.vanished();
        } else if (gate.pod().filter(PodOfBase::terminating).isPresent()) {
            watch.leaving();
        }
        dirty = true;
    }

    private void nodeSeen(Optional<ObservedNode> seen) {
        boolean first = node.observed().isEmpty();
        node.seen(seen);
        metNode(first);
    }

    /** A Node that we meet as Ready is an earlier process's, whose word stands. */
    private void metNode(boolean first) {
        if (first && node.showsReady()) {
            watch.assumeReady();
        }
        dirty |= first;
    }

    private void hear(String tunnel, TunnelEvent.OfBase event, Outbox out, Moment now) {
        boolean quietBefore = watch.trust() == BaseWatch.Trust.SILENT;
        boolean probedBefore = watch.probed();
        watch.heard(tunnel, now);
        switch (event) {
            case TunnelEvent.BaseSeen(Base seen) -> {
                watch.seen(seen, tunnel, now);
                gate.located(watch.base().ip(), watch.base().hostName());
            }
            case TunnelEvent.BaselineAsked asked -> {
                watch.baselineAsked(now);
                modules.baseline().asked();
            }
            case TunnelEvent.BaseLeaving leaving -> {
                watch.leaving();
                dirty = true;
            }
            case TunnelEvent.BaseGone gone -> {
                watch.vanished();
                dirty = true;
            }
            case TunnelEvent.HealthReported report -> {
                if (watch.health(report, tunnel, now) && !watch.identityConflict(now)) {
                    restarted(now);
                }
                rememberProcess(now);
                metaspaceMeasured(out);
            }
            case TunnelEvent.QueryRefused refused -> watch.answered(tunnel, now);
            case TunnelEvent.ModulesReported report -> {
                OptionalLong asked = watch.modules(tunnel, now);
                // Of two processes nobody knows which one lists.
                if (asked.isPresent() && !watch.identityConflict(now)) {
                    long at = asked.getAsLong();
                    ModuleList list = ModuleList.of(at, report.modules(), watch.master());
                    if (modules.answers().listed(list, out, now)) {
                        watch.doubtProcess(now);
                    }
                    modules.baseline().listed(list);
                }
                dirty = true;
            }
            case TunnelEvent.BatchAnswered batch -> {
                watch.answered(tunnel, now);
                modules.answers().batchAnswered(modules.baseline().answered(), batch, out, now);
                dirty = true;
            }
            case TunnelEvent.CommandsReported report -> {
                watch.answered(tunnel, now);
                modules.baseline().commandsReported(report.batches());
                dirty = true;
            }
            case TunnelEvent.CommandAnswered answered -> {
                watch.answered(tunnel, now);
                modules.answers().answered(answered, out, now);
                dirty = true;
            }
        }
        dirty |= quietBefore || probedBefore != watch.probed();
    }

    private void metaspaceMeasured(Outbox out) {
        boolean before = !modules.failures().pressure().isEmpty();
        dirty |= modules.failures().measured(watch.health());
        String pressure = modules.failures().pressure();
        if (!before && !pressure.isEmpty()) {
            out.warnOnNode(Reason.METASPACE_PRESSURE, pressure);
        }
    }

    /** Notices when two processes begin and cease to use one identity. */
    void noticeConflict(Outbox out, Moment now) {
        boolean conflict = watch.identityConflict(now);
        if (conflict && !conflictTold) {
            out.warnOnNode(
                    Reason.IDENTITY_CONFLICT,
                    "two live processes use the identity " + watch.base().id());
        }
        if (conflictTold && !conflict) {
            watch.startAnew(now);
        }
        dirty |= conflict != conflictTold;
        conflictTold = conflict;
    }

    private void restarted(Moment now) {
        watch.restarted(now);
        gate.baseRestarted();
        Set<ModuleRef> sentSince = modules.baseRestarted(watch.process().start(), now);
        Instant start = watch.process().wallStart().orElse(now.wall());
        if (ledger.loaded()) {
            ledger.restarted(start, sentSince, now);
        }
        dirty = true;
    }

    /** Somebody else held the Lease, and may have changed the record and the base. */
    private void startAnew(Moment now) {
        watch.startAnew(now);
        modules.slots().startAnew(now);
        ledger.readAnew(now);
        dirty = true;
    }

    private void rememberProcess(Moment now) {
        Optional<Instant> start = watch.process().wallStart();
        if (ledger.loaded() && start.isPresent() && ledger.wanted().processStart().isEmpty()) {
            ledger.started(start.get(), now);
        }
    }

    private void finished(Effect effect, Outcome outcome, Outbox out, Moment now) {
        switch (effect) {
            case Effect.ReadLease() -> lease.finished(effect, outcome, now);
            case Effect.WriteLease(LeaseWrite write) -> {
                boolean before = lease.held(now);
                if (lease.finished(effect, outcome, now)) {
                    if (lease.tookOver()) {
                        startAnew(now);
                    }
                    ledger.generation(lease.generation(), now);
                }
                dirty |= !before;
            }
            case Effect.ReadRecord() -> recordFinished(outcome, now);
            case Effect.WriteRecord(BaseRecord record, Optional<String> version) ->
                    recordFinished(outcome, now);
            case Effect.Send(
                            String tunnel,
                            Command.OnModule command,
                            Duration timeToLive,
                            long fence) -> {
                modules.answers().sendFinished(command, outcome, out, now);
                if (outcome instanceof Outcome.NotSent) {
                    watch.commandNotReached(now);
                }
                // What is on its way waits for its answer or deadline, which is known already.
                dirty |= !(outcome instanceof Outcome.Done);
            }
            case Effect.Send(String tunnel, Command.InstallAll all, Duration ttl, long fence) -> {
                all.installs().forEach(i -> modules.answers().sendFinished(i, outcome, out, now));
                if (outcome instanceof Outcome.NotSent) {
                    watch.commandNotReached(now);
                }
                dirty = true;
            }
            case Effect.Send(String tunnel, Command.QueryCommands q, Duration ttl, long fence) -> {
                helpFinished(outcome);
                dirty = true;
            }
            case Effect.Send(String tunnel, Command.QueryHealth q, Duration ttl, long fence) ->
                    queryFinished(watch.questions().health(), outcome, now);
            case Effect.Send(String tunnel, Command.QueryModules q, Duration ttl, long fence) ->
                    queryFinished(watch.questions().modules(), outcome, now);
            case Effect.CreateNode create -> {
                boolean first = node.observed().isEmpty();
                node.finished(effect, outcome, now);
                metNode(first);
            }
            case Effect.PatchNodeSpec patch -> node.finished(effect, outcome, now);
            case Effect.PatchNodeStatus patch -> node.finished(effect, outcome, now);
            case Effect.DeleteNode delete -> node.finished(effect, outcome, now);
            case Effect.PatchPodStatus patch -> dirty |= podKeeper.written(patch, outcome, now);
            case Effect.PatchBasePod patch -> gate.written(patch, outcome, now);
            case Effect.DeletePod(PodRef pod) -> {
                podKeeper.deleted(pod, outcome, now);
                dirty = true;
            }
            case Effect.ReadPod(PodRef pod) -> {
                podRead(pod, outcome, now);
                dirty = true;
            }
            case Effect.ReadPods() -> podsRead(outcome, now);
            case Effect.Probe(long id, _, _) -> {
                boolean judged = lease.held(now) && watch.well(now);
                dirty |= modules.probes().took(id, outcome, judged, out, now);
            }
            case Effect.CallHook call -> {
                modules.preStops().called(call, outcome, pods, out);
                dirty = true;
            }
            case Effect.DeleteLease() -> {
                // Last of all, so that a virtual node made anew finds nothing of ours on its way.
                retired = true;
                out.add(new Effect.Retire());
            }
            case Effect.ExpireRecord(), Effect.Words _, Effect.Count(_), Effect.Retire() -> {
                // The end of this virtual node, or words to people: nothing follows.
            }
        }
    }

    private void helpFinished(Outcome outcome) {
        switch (outcome) {
            case Outcome.Refused refused -> modules.baseline().helpRefused();
            case Outcome.NotSent notSent -> modules.baseline().helpFailed();
            default -> {
                // Its answer or the deadline follows.
            }
        }
    }

    private void queryFinished(QueryTrack question, Outcome outcome, Moment now) {
        if (outcome instanceof Outcome.NotSent || outcome instanceof Outcome.Refused) {
            watch.notReached(question, now);
        }
    }

    private void recordFinished(Outcome outcome, Moment now) {
        if (ledger.finished(outcome, now)) {
            watch.recorded(ledger.wanted().processStart(), now);
            ledger.generation(lease.generation(), now);
            modules.slots().inherit(now);
            rememberProcess(now);
        }
        dirty = true;
    }

    private void podRead(PodRef pod, Outcome outcome, Moment now) {
        if (outcome instanceof Outcome.PodRead(Optional<ModulePod> found)) {
            pods.read(pod, found, now);
        } else {
            pods.readFailed(pod);
        }
    }

    private void podsRead(Outcome outcome, Moment now) {
        if (outcome instanceof Outcome.PodsRead(List<ModulePod> found)) {
            pods.listed(found, now);
            dirty = true;
        } else {
            pods.listFailed(now);
        }
    }
}
