package io.koupleless.controller.vnode;

import static io.koupleless.controller.record.EntryState.INSTALLED;
import static io.koupleless.controller.record.EntryState.INSTALLING;
import static io.koupleless.controller.record.EntryState.RELOADING;
import static io.koupleless.controller.record.EntryState.REMOVING;

import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Operation;
import java.time.Instant;
import java.util.Optional;

/**
 * Decides about one module key; a pure function of a {@link KeyView} and the wall clock's stamp.
 */
final class KeyPlan {
    private static final KeyDecision REST = new KeyDecision.Rest();

    private KeyPlan() {}

    static KeyDecision decide(KeyView key, Instant now) {
        if (key.module().inFlight()) {
            return REST;
        }
        return key.entry()
                .map(entry -> recorded(key, entry, now))
                .orElseGet(() -> unrecorded(key, now));
    }

    private static KeyDecision unrecorded(KeyView key, Instant now) {
        if (key.module().anothers()) {
            return REST;
        }
        boolean there = present(key);
        Optional<KeyView.Claim> candidate = key.candidate();
        if (candidate.isPresent()) {
            if (there) {
                return new KeyDecision.Note(entry(key, candidate.get(), INSTALLED, now));
            }
            return key.gates().room() && !candidate.get().spent()
                    ? install(key, entry(key, candidate.get(), INSTALLING, now))
                    : REST;
        }
        if (there && key.gates().stray()) {
            return new KeyDecision.Note(ModuleEntry.ofNobody(key.ref(), REMOVING, now));
        }
        boolean mayExpect = key.claims().isEmpty() && !there && key.gates().room();
        if (key.expected().isPresent() && mayExpect) {
            return install(key, entry(key, key.expected().get(), now));
        }
        // The record was lost, or another controller installed it: a terminating Pod names it.
        return there && !key.claims().isEmpty() && !key.module().stopping()
                ? new KeyDecision.Note(entry(key, key.claims().getFirst(), REMOVING, now))
                : REST;
    }

    private static KeyDecision recorded(KeyView key, ModuleEntry entry, Instant now) {
        if (entry.state() == REMOVING) {
            return absent(key) ? new KeyDecision.Forget() : uninstall(key, entry, REMOVING, now);
        }
        return switch (key.owner()) {
            case UNKNOWN -> new KeyDecision.LookUpOwner();
            case LIVING -> owned(key, entry, now);
            case TERMINATING -> key.module().stopping() ? REST : remove(key, entry, now);
            case AWAITED -> awaited(key, entry, now);
            case NEVER_CAME ->
                    key.candidate().isPresent()
                            ? awaited(key, entry, now)
                            : ownerless(key, entry, now);
            case GONE, MISSING_LONG, MISSING, NONE ->
                    key.candidate()
                            .map(next -> reload(key, entry(key, entry, next), now))
                            .orElseGet(() -> ownerless(key, entry, now));
        };
    }

    /** The Pod takes what was installed for it before it came. */
    private static KeyDecision awaited(KeyView key, ModuleEntry entry, Instant now) {
        Optional<KeyView.Claim> came = key.candidate();
        if (came.isPresent()) {
            ModuleEntry next = entry(key, entry, came.get());
            return next.urlHash().equals(entry.urlHash())
                    ? new KeyDecision.Note(next)
                    : reload(key, next, now);
        }
        if (entry.state() == RELOADING) {
            return reload(key, entry, now);
        }
        return present(key) ? there(key, entry, now) : notThere(key, entry, false, now);
    }

    private static KeyDecision ownerless(KeyView key, ModuleEntry entry, Instant now) {
        return switch (key.owner()) {
            case MISSING, AWAITED -> REST;
            case MISSING_LONG, NEVER_CAME -> key.gates().orphans() ? remove(key, entry, now) : REST;
            case GONE, NONE, UNKNOWN, LIVING, TERMINATING -> remove(key, entry, now);
        };
    }

    private static KeyDecision remove(KeyView key, ModuleEntry entry, Instant now) {
        boolean neverSent = entry.state() == INSTALLING && key.module().armed();
        return neverSent && !present(key)
                ? new KeyDecision.Forget()
                : uninstall(key, entry, REMOVING, now);
    }

    private static KeyDecision owned(KeyView key, ModuleEntry entry, Instant now) {
        KeyView.Claim owner = key.claimOf(entry.owner().uid()).orElseThrow();
        Optional<KeyView.Claim> newer = key.candidate().filter(next -> supersedes(next, owner));
        if (newer.isPresent()) {
            return reload(key, entry(key, entry, newer.get()), now);
        }
        if (!owner.module().urlHash().equals(entry.urlHash())) {
            return reload(key, entry(key, entry, owner), now);
        }
        if (entry.state() == RELOADING) {
            return reload(key, entry, now);
        }
        return present(key) ? there(key, entry, now) : notThere(key, entry, owner.spent(), now);
    }

    /**
     * A Pod of the newest revision takes the module from one of another; it may be the older of the
     * two when its revision was brought back. Two bare Pods have one revision.
     */
    private static boolean supersedes(KeyView.Claim next, KeyView.Claim owner) {
        return !next.pod().revision().equals(owner.pod().revision());
    }

    private static KeyDecision there(KeyView key, ModuleEntry entry, Instant now) {
        ModuleState state = key.module().state().orElse(ModuleState.UNKNOWN);
        return switch (state) {
            case ACTIVATED -> mustBeReplaced(key) ? reload(key, entry, now) : installed(entry);
            case DEACTIVATED ->
                    key.module().otherVersionThere() ? installed(entry) : reload(key, entry, now);
            case BROKEN -> {
                if (!key.module().failed()) {
                    yield new KeyDecision.Broken();
                }
                yield mayRetry(key) ? reload(key, entry, now) : REST;
            }
            case UNRESOLVED, RESOLVED, STOPPED, UNKNOWN -> REST;
        };
    }

    /** One that the base cannot bear to install again stays as it is. */
    private static boolean mustBeReplaced(KeyView key) {
        return key.module().unhealthy() && !key.module().stopping() && key.gates().reinstalls();
    }

    private static KeyDecision installed(ModuleEntry entry) {
        return entry.state() == INSTALLED
                ? REST
                : new KeyDecision.Note(entry.installedAs(entry.installed()));
    }

    private static KeyDecision notThere(
            KeyView key, ModuleEntry entry, boolean spent, Instant now) {
        if (entry.state() == INSTALLING && key.module().armed()) {
            return key.gates().room() ? install(key, entry) : REST;
        }
        if (key.module().presence() != Slot.Presence.ABSENT || spent) {
            return REST;
        }
        return !key.gates().room() || (key.module().failed() && !mayRetry(key))
                ? REST
                : install(key, entry.in(INSTALLING, now));
    }

    private static boolean mayRetry(KeyView key) {
        return !key.module().installBlocked() && key.gates().reinstalls();
    }

    /** Uninstall, confirmed by a list, then install; recorded before the first is sent. */
    private static KeyDecision reload(KeyView key, ModuleEntry entry, Instant now) {
        if (!absent(key)) {
            return uninstall(key, entry, RELOADING, now);
        }
        return failedBefore(key, entry) && key.module().installBlocked()
                ? REST
                : install(key, entry.in(INSTALLING, now));
    }

    /** What failed for another Pod, or with another jar, may work for this one. */
    private static boolean failedBefore(KeyView key, ModuleEntry entry) {
        return key.module().failed()
                && key.entry()
                        .filter(before -> before.owner().equals(entry.owner()))
                        .filter(before -> before.urlHash().equals(entry.urlHash()))
                        .isPresent();
    }

    private static KeyDecision install(KeyView key, ModuleEntry entry) {
        if (!key.gates().commands() || !key.gates().installs()) {
            return REST;
        }
        boolean otherJar =
                key.module().jarUnderWay().filter(jar -> !jar.equals(entry.urlHash())).isPresent();
        return key.gates().installClear() && !otherJar
                ? new KeyDecision.Command(Operation.INSTALL, asAskedFor(entry))
                : new KeyDecision.NeedList();
    }

    /** What the jar's manifest says is known only once it is installed. */
    private static ModuleEntry asAskedFor(ModuleEntry entry) {
        return new ModuleEntry(
                entry.ref(),
                entry.ref(),
                entry.state(),
                entry.owner(),
                entry.revision(),
                entry.urlHash(),
                entry.sentAt());
    }

    private static KeyDecision uninstall(
            KeyView key, ModuleEntry entry, EntryState state, Instant now) {
        ModuleEntry next = entry.state() == state ? entry : entry.in(state, now);
        boolean patience =
                key.module().uninstallBlocked() || key.module().presence() == Slot.Presence.DOUBTED;
        if (!key.gates().commands() || patience) {
            return next.equals(entry) || state == RELOADING ? REST : new KeyDecision.Note(next);
        }
        return key.gates().uninstallClear()
                ? new KeyDecision.Command(Operation.UNINSTALL, next)
                : new KeyDecision.NeedList();
    }

    private static boolean present(KeyView key) {
        return switch (key.module().presence()) {
            case PRESENT, DOUBTED -> key.module().state().isPresent();
            case ABSENT, UNKNOWN -> false;
        };
    }

    private static boolean absent(KeyView key) {
        return key.module().presence() == Slot.Presence.ABSENT;
    }

    private static ModuleEntry entry(
            KeyView key, KeyView.Claim owner, EntryState state, Instant now) {
        return new ModuleEntry(
                key.ref(),
                key.ref(),
                state,
                owner.pod().ref(),
                owner.pod().revision(),
                owner.module().urlHash(),
                now);
    }

    private static ModuleEntry entry(KeyView key, ModuleContainer.Module expected, Instant now) {
        return new ModuleEntry(
                key.ref(), key.ref(), INSTALLING, PodRef.NOBODY, "", expected.urlHash(), now);
    }

    private static ModuleEntry entry(KeyView key, ModuleEntry old, KeyView.Claim owner) {
        return new ModuleEntry(
                key.ref(),
                old.installed(),
                old.state(),
                owner.pod().ref(),
                owner.pod().revision(),
                owner.module().urlHash(),
                old.sentAt());
    }
}
