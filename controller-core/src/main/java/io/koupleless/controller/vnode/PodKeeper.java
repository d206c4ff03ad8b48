package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ContainerView;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodEnd;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.PodStatusMapper;
import io.koupleless.controller.pod.Stranger;
import io.koupleless.controller.tunnel.Operation;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/** Writes the status of each Pod when it changes, and ends the Pods that may go. */
final class PodKeeper {
    private static final int PATIENCE = 5;

    private final VNodeSettings.Times times;
    private final BaseWatch watch;
    private final Pods pods;
    private final Ledger ledger;
    private final ModuleKeeper modules;
    private final PreStops preStops;
    private final ContainerViews views;
    private final ManifestCheck manifests;

    PodKeeper(
            VNodeSettings.Times times,
            BaseWatch watch,
            Pods pods,
            Ledger ledger,
            ModuleKeeper modules,
            ContainerViews views) {
        this.times = times;
        this.watch = watch;
        this.pods = pods;
        this.ledger = ledger;
        this.modules = modules;
        this.preStops = modules.preStops();
        this.views = views;
        this.manifests = new ManifestCheck(ledger);
    }

    void reconcile(Outbox out, Moment now) {
        for (TrackedPod pod : pods.all()) {
            pod.looked();
            boolean serves = !pod.pod().terminating() || preStops.hold(pod);
            if (serves) {
                if (!pod.status().phase().terminal()) {
                    look(pod, out, now);
                }
            } else if (mayGo(pod)) {
                end(pod, out, now);
            } else {
                stuck(pod, out, now);
            }
            out.wake(pod.nextLook(now));
        }
    }

    private void look(TrackedPod pod, Outbox out, Moment now) {
        if (pod.pod().labelled()) {
            PodWords.ofIgnored(pod, out);
            write(pod, out, now);
        } else if (pod.mayWrite(now)) {
            explain(pod, out, now);
        }
    }

    /** Nothing here runs it, and its status says so. */
    private static void explain(TrackedPod pod, Outbox out, Moment now) {
        PodStatus next =
                Stranger.explained(
                        pod.current(), Reason.NOT_A_MODULE, PodWords.NOT_A_MODULE, now.wall());
        if (PodStatusMapper.differs(next, pod.status())) {
            pod.writing();
            PodWords.ofStranger(pod, out);
            out.add(new Effect.PatchPodStatus(pod.pod().ref(), next, pod.status().podIp()));
        }
    }

    /** True when nothing of this Pod is left to uninstall. */
    private boolean mayGo(TrackedPod pod) {
        return pod.modules().noneMatch(module -> ledger.owns(pod.pod().ref(), module.ref()));
    }

    /** Every Pod of a Node that is gone goes with it: there is nobody else to end them. */
    boolean endAll(Outbox out, Moment now) {
        boolean empty = true;
        for (TrackedPod pod : pods.all()) {
            if (pod.pod().labelled() || pod.pod().terminating()) {
                empty = false;
                end(pod, out, now);
                out.wake(pod.nextLook(now));
            }
        }
        return empty;
    }

    private void end(TrackedPod pod, Outbox out, Moment now) {
        if (pod.mayDelete(now)) {
            pod.deleting();
            out.add(new Effect.DeletePod(pod.pod().ref()));
        }
    }

    private void write(TrackedPod pod, Outbox out, Moment now) {
        if (!pod.mayWrite(now) || !watch.tellable()) {
            return;
        }
        PodStatus next = desired(pod, now);
        pod.overAt(now).stream().filter(at -> !now.reached(at)).forEach(out::wake);
        boolean nothingToSay = next.phase() == PodStatus.Phase.PENDING && !explains(next);
        if (nothingToSay) {
            long from = creatingFrom(pod);
            if (!now.reached(from)) {
                out.wake(from);
                return;
            }
        }
        send(pod, next, out);
    }

    /**
     * When a Pod is worth a status that says no more than ContainerCreating: once the base has had
     * the install for a while; what waits for ourselves in a burst waits longer, or the writes
     * would make the burst worse.
     */
    private long creatingFrom(TrackedPod pod) {
        OptionalLong sent = installSentAt(pod);
        return sent.isPresent()
                ? sent.getAsLong() + times.creatingDelay().toNanos()
                : pod.firstSeen() + times.creatingDelay().multipliedBy(PATIENCE).toNanos();
    }

    /** When the first install of this Pod that has no answer yet was sent. */
    private OptionalLong installSentAt(TrackedPod pod) {
        return pod.modules()
                .map(ModuleContainer.Module::ref)
                .filter(ref -> ledger.owns(pod.pod().ref(), ref))
                .flatMap(ref -> modules.slots().get(ref).flatMap(Slot::flight).stream())
                .filter(flight -> flight.operation() == Operation.INSTALL)
                .mapToLong(CommandCount.Flight::sentAt)
                .min();
    }

    /** Says more than that it has not been created yet. */
    private static boolean explains(PodStatus status) {
        return status.containers().stream()
                .anyMatch(c -> !c.state().equals(PodStatusMapper.CREATING));
    }

    private void send(TrackedPod pod, PodStatus next, Outbox out) {
        PodStatus before = pod.status();
        if (PodStatusMapper.differs(next, before)) {
            pod.writing();
            PodWords.ofChange(pod, next, before, reason -> failedSo(pod, reason), out);
            out.add(new Effect.PatchPodStatus(pod.pod().ref(), next, before.podIp()));
        }
    }

    private boolean failedSo(TrackedPod pod, String reason) {
        return pod.modules()
                .flatMap(module -> modules.failures().open(module.ref()).stream())
                .anyMatch(retry -> retry.reason().equals(reason));
    }

    private PodStatus desired(TrackedPod pod, Moment now) {
        ModulePod current = pod.current();
        if (watch.trust() == BaseWatch.Trust.ASSUMED) {
            // Until the base was heard, what an earlier process of ours wrote stands.
            return current.status();
        }
        if (watch.trust() == BaseWatch.Trust.SILENT) {
            return current.status().isTrue(PodCondition.READY)
                    ? PodStatusMapper.nodeNotReady(current.status(), silent(), now.wall())
                    : current.status();
        }
        if (pod.ending().isPresent()) {
            return pod.ending().get();
        }
        OptionalLong over = pod.overAt(now);
        if (over.isPresent() && now.reached(over.getAsLong())) {
            return PodEnd.failed(
                    current,
                    Reason.DEADLINE_EXCEEDED,
                    "activeDeadlineSeconds are over",
                    now.wall());
        }
        Map<String, ContainerView> byName = new HashMap<>();
        for (ModuleContainer container : current.containers()) {
            byName.put(container.name(), views.of(pod, container, now));
        }
        PodStatus next =
                PodStatusMapper.map(
                        new PodStatusMapper.Situation(
                                current, byName, pod.restarts(), watch.base().ip(), unready()),
                        now.wall());
        boolean unknown =
                byName.values().stream().anyMatch(ContainerView.Unchanged.class::isInstance);
        // Ready is said by those who know; until then what is shown stays as it is.
        return unknown && next.isTrue(PodCondition.READY)
                ? current.status()
                : manifests.shownIn(next, pod, now.wall());
    }

    private Optional<PodStatusMapper.Unready> unready() {
        return watch.readiness().ready()
                ? Optional.empty()
                : Optional.of(
                        new PodStatusMapper.Unready(
                                Reason.NODE_NOT_READY, watch.readiness().message()));
    }

    private static PodStatusMapper.Unready silent() {
        return new PodStatusMapper.Unready(
                Reason.NODE_NOT_READY, "no heartbeat and no answer of the base");
    }

    /** A Pod that cannot go says why. */
    private void stuck(TrackedPod pod, Outbox out, Moment now) {
        Optional<PodStatusMapper.Unready> why =
                watch.trust() == BaseWatch.Trust.SILENT
                        ? Optional.of(silent())
                        : uninstallTrouble(pod);
        if (why.isEmpty() || !pod.mayWrite(now) || !pod.pod().labelled()) {
            return;
        }
        PodStatus before = pod.current().status();
        if (before.condition(PodCondition.READY).isPresent()) {
            send(pod, PodStatusMapper.nodeNotReady(before, why.get(), now.wall()), out);
        }
    }

    private Optional<PodStatusMapper.Unready> uninstallTrouble(TrackedPod pod) {
        return pod.modules()
                .flatMap(module -> modules.failures().open(module.ref()).stream())
                .map(retry -> new PodStatusMapper.Unready(retry.reason(), retry.told()))
                .findFirst();
    }

    /**
     * A status was written, or not.
     *
     * @return true when Pods need a look
     */
    boolean written(Effect.PatchPodStatus effect, Outcome outcome, Moment now) {
        Optional<TrackedPod> pod = pods.get(effect.pod().uid());
        if (pod.isEmpty()) {
            return false;
        }
        if (outcome instanceof Outcome.Written(String version)) {
            return pod.get().wrote(effect.status(), version);
        }
        pod.get().writeFailed(times, now);
        pod.get().mayShow(effect.status());
        if (outcome instanceof Outcome.Missing) {
            pods.lost(effect.pod());
        }
        return true;
    }

    void deleted(PodRef ref, Outcome outcome, Moment now) {
        switch (outcome) {
            case Outcome.Done(), Outcome.Missing() -> pods.gone(ref);
            default -> pods.get(ref.uid()).ifPresent(pod -> pod.writeFailed(times, now));
        }
    }
}
