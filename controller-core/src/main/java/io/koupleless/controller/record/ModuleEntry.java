package io.koupleless.controller.record;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.PodRef;
import java.time.Instant;

/**
 * One module that we installed on a base, or are about to.
 *
 * @param ref as the Pod asks for it
 * @param installed as the base knows it (the jar's manifest decides); what an uninstall names
 * @param owner the Pod whose module it is, or {@link PodRef#NOBODY} until it comes
 * @param revision the owner's pod-template or controller-revision hash
 * @param urlHash SHA-256 in hex of the URL, and of the args if there are any
 * @param sentAt when the last command was recorded, by the wall clock
 */
public record ModuleEntry(
        ModuleRef ref,
        ModuleRef installed,
        EntryState state,
        PodRef owner,
        String revision,
        String urlHash,
        Instant sentAt) {

    /** One that somebody else installed, and no Pod asks for. */
    public static ModuleEntry ofNobody(ModuleRef ref, EntryState state, Instant now) {
        return new ModuleEntry(ref, ref, state, PodRef.NOBODY, "", "", now);
    }

    public ModuleEntry in(EntryState next, Instant now) {
        return new ModuleEntry(ref, installed, next, owner, revision, urlHash, now);
    }

    public ModuleEntry installedAs(ModuleRef actual) {
        return new ModuleEntry(ref, actual, EntryState.INSTALLED, owner, revision, urlHash, sentAt);
    }
}
