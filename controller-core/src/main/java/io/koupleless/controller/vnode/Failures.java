package io.koupleless.controller.vnode;

import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.pod.ModulePod.RestartPolicy;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Why modules do not run, when each is tried again, and which have to wait for metaspace. */
final class Failures {
    private final VNodeSettings settings;
    private final Ledger ledger;
    private final Pods pods;
    private final Slots slots;
    private final MetaspaceGuard guard;
    private final Map<ModuleRef, Retry> retries = new TreeMap<>();
    private final Set<ModuleRef> heldBack = new TreeSet<>();

    /** Uninstalled a moment ago, only to be installed anew: they take the room that they left. */
    private final Set<ModuleRef> replaced = new TreeSet<>();

    Failures(VNodeSettings settings, Ledger ledger, Pods pods, Slots slots) {
        this.settings = settings;
        this.ledger = ledger;
        this.pods = pods;
        this.slots = slots;
        this.guard = new MetaspaceGuard(settings.limits(), settings.metaspace());
    }

    /** The last failure, over or not. */
    Optional<Retry> last(ModuleRef ref) {
        return Optional.ofNullable(retries.get(ref));
    }

    /** A failure that the module has not recovered from. */
    Optional<Retry> open(ModuleRef ref) {
        return last(ref).filter(retry -> !retry.over());
    }

    /**
     * Takes what the base says of its metaspace.
     *
     * @return true when modules may or must not be installed that could not, or could, before
     */
    boolean measured(Optional<BaseHealth> health) {
        boolean before = guard.pressure();
        guard.measured(health);
        return before != guard.pressure() || !heldBack.isEmpty();
    }

    /**
     * Why the Node tells of pressure; the empty text when there is none. Without moving figures.
     */
    String pressure() {
        if (guard.pressure()) {
            return "more than %d %% of the maximum is in use%s, until less than %d %% is"
                    .formatted(
                            settings.limits().metaspacePercent(),
                            settings.metaspace().refuseInstalls()
                                    ? "; no module is installed"
                                    : "; no failed module is installed again",
                            settings.metaspace().clearPercent());
        }
        return heldBack.isEmpty()
                ? ""
                : "failing modules are not installed again until metaspace falls";
    }

    /** The base has room for one more module, or is meant to be filled. */
    boolean room(ModuleRef ref) {
        return !settings.metaspace().refuseInstalls()
                || !guard.pressure()
                || replaced.contains(ref);
    }

    boolean heldBack(ModuleRef ref) {
        return heldBack.contains(ref);
    }

    void add(
            ModuleRef ref,
            Operation operation,
            FailureCode code,
            String message,
            Outbox out,
            Moment now) {
        out.add(new Effect.Count(code));
        Retry before = retries.get(ref);
        int failures = before == null ? 1 : before.failures() + 1;
        Optional<PodRef> owner = ledger.entry(ref).map(ModuleEntry::owner);
        boolean hopeless = code.again() == FailureCode.Again.WHEN_CHANGED;
        Duration pause = hopeless ? Duration.ZERO : Retry.pause(failures, settings.times());
        boolean never = operation == Operation.INSTALL && owner.filter(this::never).isPresent();
        long at = never || hopeless ? Retry.NEVER : now.plus(pause);
        boolean beside = slots.hasOtherVersionOf(ref);
        String reason = code.code();
        Retry retry =
                new Retry(ref, operation, reason, message, failures, pause, at, beside, false);
        retries.put(ref, retry);
        if (before == null || before.over() || !before.saysTheSameAs(retry)) {
            owner.ifPresent(pod -> out.warn(pod, reason, "module " + ref + ": " + retry.told()));
        }
    }

    /**
     * A probe says that a module has to be installed again; the first time that is done at once.
     */
    void unhealthy(ModuleRef ref, FailureCode code, String message, Outbox out, Moment now) {
        out.add(new Effect.Count(code));
        String reason = code.code();
        Retry before = retries.get(ref);
        int failures = before == null ? 1 : before.failures() + 1;
        Optional<PodRef> owner = ledger.entry(ref).map(ModuleEntry::owner);
        Duration pause =
                failures == 1 ? Duration.ZERO : Retry.pause(failures - 1, settings.times());
        long at = owner.filter(this::never).isPresent() ? Retry.NEVER : now.plus(pause);
        Retry retry =
                new Retry(
                        ref, Operation.INSTALL, reason, message, failures, pause, at, false, false);
        retries.put(ref, retry);
        owner.ifPresent(pod ->
                out.warn(pod, reason, "module " + ref + " is installed again: " + retry.told()));
    }

    private boolean never(PodRef owner) {
        return pods.get(owner.uid())
                .filter(pod -> pod.pod().restartPolicy() == RestartPolicy.NEVER)
                .isPresent();
    }

    /** A module that failed beside another version of its name is tried once that is gone. */
    void listed(ModuleList list, Moment now) {
        retries.replaceAll((ref, retry) ->
                retry.besideOther() && !list.hasOtherVersionOf(ref) ? retry.dueNow(now) : retry);
    }

    void baseRestarted() {
        guard.baseRestarted();
        replaced.clear();
        retries.clear();
    }

    /** Another owner, another jar or the end: what failed before does not count any more. */
    void noted(@Nullable ModuleEntry before, ModuleEntry entry) {
        boolean ends =
                before != null
                        && before.state() != EntryState.REMOVING
                        && entry.state() == EntryState.REMOVING;
        if (before != null
                && before.state() == EntryState.RELOADING
                && entry.state() == EntryState.INSTALLING) {
            replaced.add(entry.ref());
        } else if (entry.state() != EntryState.INSTALLING) {
            replaced.remove(entry.ref());
        }
        if (before == null
                || ends
                || !before.owner().equals(entry.owner())
                || !before.urlHash().equals(entry.urlHash())) {
            forget(entry.ref());
        }
    }

    void forget(ModuleRef ref) {
        retries.remove(ref);
    }

    void retain(Set<ModuleRef> keys) {
        retries.keySet().retainAll(keys);
        replaced.retainAll(keys);
        heldBack.retainAll(retries.keySet());
    }

    /** True when the base can bear one more install of a module that failed before. */
    boolean mayReinstall(ModuleRef ref, Optional<BaseHealth> health, Moment now) {
        boolean may = open(ref).isEmpty() || guard.open(health, now);
        if (may) {
            heldBack.remove(ref);
        } else {
            heldBack.add(ref);
        }
        return may;
    }

    /** An install leaves; one after a failure costs the base some metaspace for good. */
    void installSent(ModuleRef ref, Optional<BaseHealth> health, Moment now) {
        if (retries.containsKey(ref)) {
            guard.reinstalled(health, now);
        }
    }

    /** A module that runs has recovered; one that ran for long enough never failed. */
    void settle(Slot slot, Moment now) {
        Retry retry = retries.get(slot.ref);
        boolean active = slot.state().filter(s -> s == ModuleState.ACTIVATED).isPresent();
        if (retry == null || !active) {
            return;
        }
        boolean leaving =
                ledger.entry(slot.ref)
                        .map(ModuleEntry::state)
                        .filter(s -> s == EntryState.REMOVING || s == EntryState.RELOADING)
                        .isPresent();
        if (!retry.over() && !leaving && slot.flight().isEmpty()) {
            retries.put(slot.ref, retry.overAt(now));
        } else if (retry.over()
                && now.reached(retry.at() + settings.times().backoffReset().toNanos())) {
            forget(slot.ref);
        }
    }
}
