package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.record.ModuleEntry;
import java.util.List;
import java.util.Optional;

/**
 * All that decides about one module key, frozen.
 *
 * @param claims Pods on this Node with a container that asks for the key
 * @param entry what the record says
 * @param owner where the recorded owner is
 * @param module what the base says
 * @param gates what may be sent now
 * @param expected what a Pod that is still to come will ask for, if the base is to have it before
 */
record KeyView(
        ModuleRef ref,
        List<Claim> claims,
        Optional<ModuleEntry> entry,
        Owner owner,
        ModuleView module,
        Gates gates,
        Optional<ModuleContainer.Module> expected) {

    /**
     * A Pod that asks for the key.
     *
     * @param spent it had the module already, and must not start it twice
     */
    record Claim(ModulePod pod, ModuleContainer.Module module, boolean spent) {
        private boolean isYoungerThan(Claim other) {
            return ModulePod.BY_AGE.compare(pod, other.pod) > 0;
        }
    }

    /** Where the recorded owner is. */
    enum Owner {
        /** No entry, so no owner. */
        NONE,
        LIVING,
        TERMINATING,
        /** Deleted before our eyes, or over. */
        GONE,
        /** A live read found nothing; nobody saw it go. */
        MISSING,
        /** Missing for longer than the grace. */
        MISSING_LONG,
        /** Not in the cache and not looked up yet. */
        UNKNOWN,
        /** Still to come. */
        AWAITED,
        /** It was awaited for long enough. */
        NEVER_CAME
    }

    /**
     * @param inFlight a command for it has no answer and its deadline has not passed
     * @param state as listed, empty when not there
     * @param armed its record was written for a command that has not left yet
     * @param installBlocked an earlier failure to install asks for patience
     * @param uninstallBlocked an earlier failure to uninstall does
     * @param failed an earlier failure to install is not over
     * @param otherVersionThere the base has another version of the name
     * @param anothers what the base has under this name is the module of another key, whose jar
     *     calls itself so
     * @param unhealthy a probe says that it has to be installed again
     * @param stopping a preStop hook is to end before it may be uninstalled
     * @param jarUnderWay URL hash of an install that may still come to its end; another jar's
     *     install would be taken for that one, or that one for it
     */
    record ModuleView(
            boolean inFlight,
            Slot.Presence presence,
            Optional<ModuleState> state,
            boolean armed,
            boolean installBlocked,
            boolean uninstallBlocked,
            boolean failed,
            boolean otherVersionThere,
            boolean anothers,
            boolean unhealthy,
            boolean stopping,
            Optional<String> jarUnderWay) {}

    /**
     * @param commands the base may be commanded at all (owned, probed, heard, not in conflict)
     * @param installs and it answers, so that installs make sense
     * @param installClear no late uninstall of this key can come after an install
     * @param uninstallClear no late install of this key can come after an uninstall
     * @param reinstalls the base can bear one more reinstall
     * @param room the base has room for the module, or nobody asks
     * @param orphans those of ours whose Pod has long been missing are uninstalled
     * @param stray it is nobody's, and the time of those is over
     */
    record Gates(
            boolean commands,
            boolean installs,
            boolean installClear,
            boolean uninstallClear,
            boolean reinstalls,
            boolean room,
            boolean orphans,
            boolean stray) {}

    /** The Pod that should have the key: the oldest of the newest revision. */
    Optional<Claim> candidate() {
        Claim newest = null;
        for (Claim claim : claims) {
            boolean newer = newest == null || claim.isYoungerThan(newest);
            newest = claim.pod().living() && newer ? claim : newest;
        }
        if (newest == null) {
            return Optional.empty();
        }
        Claim oldest = newest;
        for (Claim claim : claims) {
            boolean same = claim.pod().revision().equals(newest.pod().revision());
            oldest = claim.pod().living() && same && oldest.isYoungerThan(claim) ? claim : oldest;
        }
        return Optional.of(oldest);
    }

    Optional<Claim> claimOf(String uid) {
        return claims.stream().filter(c -> c.pod().ref().uid().equals(uid)).findFirst();
    }
}
