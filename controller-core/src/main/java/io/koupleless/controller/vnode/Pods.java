package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.record.ModuleEntry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Pods on this Node, and what became of those that left.
 *
 * <p>A Pod that the watch loses is read before it counts as gone: it may have lost its label only.
 */
final class Pods {
    private static final int SOONER = 5;

    private final VNodeSettings.Times times;
    private final Map<String, TrackedPod> tracked = new TreeMap<>();
    private final Set<String> goneSeen = new HashSet<>();
    private final Set<String> watched = new HashSet<>();
    private final Map<String, Long> missingSince = new HashMap<>();
    private final Map<String, PodRef> lookUps = new HashMap<>();
    private boolean synced;
    private boolean listing;
    private long nextList;
    private long askedAt;
    private long mayListFrom;

    /** Of the last full list: when it was asked for, and what living Pods on it ask for. */
    private OptionalLong listedAt = OptionalLong.empty();

    private Set<ModuleRef> listedWants = Set.of();

    Pods(VNodeSettings.Times times, Moment now) {
        this.times = times;
        this.nextList = now.plus(times.podsPeriod().dividedBy(SOONER));
        this.mayListFrom = now.nanos();
    }

    boolean synced() {
        return synced;
    }

    void syncedNow() {
        synced = true;
    }

    Collection<TrackedPod> all() {
        return tracked.values();
    }

    Optional<TrackedPod> get(String uid) {
        return Optional.ofNullable(tracked.get(uid));
    }

    /**
     * The watch shows a Pod.
     *
     * @return false when that changes nothing
     */
    boolean seen(ModulePod pod, Moment now) {
        boolean watchedBefore = !watched.add(pod.ref().uid());
        if (goneSeen.contains(pod.ref().uid())) {
            // The watch is behind: what is gone does not come back.
            return false;
        }
        TrackedPod known = tracked.get(pod.ref().uid());
        if (known == null) {
            tracked.put(pod.ref().uid(), new TrackedPod(pod, now));
            missingSince.remove(pod.ref().uid());
            return true;
        }
        return known.seen(pod) || !watchedBefore;
    }

    void unseen(PodRef pod) {
        watched.remove(pod.uid());
        lost(pod);
    }

    /** Whether it still exists has to be read. */
    void lost(PodRef pod) {
        TrackedPod known = tracked.get(pod.uid());
        if (known != null) {
            known.unseen();
        }
    }

    /** We deleted it ourselves, or the API server says that it is not there. */
    void gone(PodRef pod) {
        tracked.remove(pod.uid());
        goneSeen.add(pod.uid());
    }

    void read(PodRef asked, Optional<ModulePod> found, Moment now) {
        lookUps.remove(asked.uid());
        if (found.isPresent()) {
            ModulePod pod = found.get();
            TrackedPod known =
                    tracked.computeIfAbsent(
                            asked.uid(), uid -> new TrackedPod(pod.relabelled(), now));
            if (pod.labelled()) {
                known.seen(pod);
                known.lookingUp();
            } else {
                known.follow(pod);
            }
        } else if (tracked.containsKey(asked.uid())) {
            gone(asked);
        } else {
            missingSince.putIfAbsent(asked.uid(), now.nanos());
        }
    }

    /** The read did not go through: it is asked for again. */
    void readFailed(PodRef pod) {
        lookUps.remove(pod.uid());
        lost(pod);
    }

    /** Every Pod on the Node: no watch tells of those without our label. */
    void listed(List<ModulePod> pods, Moment now) {
        listing = false;
        listedAt = OptionalLong.of(askedAt);
        listedWants = wantsOf(pods);
        Map<String, ModulePod> byUid = new HashMap<>();
        pods.forEach(pod -> byUid.put(pod.ref().uid(), pod));
        for (ModulePod pod : pods) {
            boolean known = tracked.containsKey(pod.ref().uid());
            if (!known && !pod.labelled() && !goneSeen.contains(pod.ref().uid())) {
                tracked.put(pod.ref().uid(), new TrackedPod(pod, now));
            }
        }
        for (TrackedPod pod : tracked.values()) {
            ModulePod found = byUid.get(pod.pod().ref().uid());
            if (unwatched(pod) && found != null) {
                pod.follow(found);
            } else if (unwatched(pod)) {
                pod.unseen();
            }
        }
        nextList = now.plus(listPeriod());
    }

    private static boolean unwatched(TrackedPod pod) {
        return pod.followed() || !pod.pod().labelled();
    }

    /** Those that no watch tells of are looked at more often as long as there are any. */
    private Duration listPeriod() {
        return tracked.values().stream().anyMatch(Pods::unwatched)
                ? times.podsPeriod().dividedBy(SOONER)
                : times.podsPeriod();
    }

    /** Unless one was asked for at that time or later. */
    void listSince(long since, Moment now) {
        boolean listed = listedAt.isPresent() && listedAt.getAsLong() - since >= 0;
        long soonest = now.reached(mayListFrom) ? now.nanos() : mayListFrom;
        if (!listed && !listing && soonest - nextList < 0) {
            nextList = soonest;
        }
    }

    void listFailed(Moment now) {
        listing = false;
        mayListFrom = now.plus(times.writeRetry());
    }

    private static Set<ModuleRef> wantsOf(List<ModulePod> pods) {
        return pods.stream()
                .filter(pod -> !pod.terminating() && !pod.status().phase().terminal())
                .flatMap(pod -> pod.containers().stream().filter(c -> !pod.ended(c.name())))
                .flatMap(container ->
                        container.wanted() instanceof ModuleContainer.Module module
                                ? Stream.of(module.ref())
                                : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** A list asked for at that time or later has no living Pod, labelled or not, that wants it. */
    boolean listedWithout(ModuleRef ref, long since) {
        return listedAt.isPresent()
                && listedAt.getAsLong() - since >= 0
                && !listedWants.contains(ref);
    }

    /** Reads that are due. */
    void reconcile(Outbox out, Moment now) {
        for (TrackedPod pod : tracked.values()) {
            if (pod.needsLookUp()) {
                pod.lookingUp();
                lookUp(pod.pod().ref(), out);
            }
        }
        // A Pod that lost its label since the last list is not looked at as late as all others.
        long next = now.plus(listPeriod());
        if (next - nextList < 0) {
            nextList = next;
        }
        if (now.reached(nextList) && !listing) {
            listing = true;
            askedAt = now.nanos();
            nextList = now.plus(listPeriod());
            out.add(new Effect.ReadPods());
        }
        out.wake(nextList);
    }

    void lookUp(PodRef pod, Outbox out) {
        if (lookUps.putIfAbsent(pod.uid(), pod) == null) {
            out.add(new Effect.ReadPod(pod));
        }
    }

    /** Whom the record names as owners, labelled or not: they had the label. */
    void remember(Collection<ModuleEntry> entries) {
        for (ModuleEntry entry : entries) {
            TrackedPod pod = tracked.get(entry.owner().uid());
            if (pod != null) {
                pod.remember();
            }
        }
    }

    KeyView.Owner owner(Optional<ModuleEntry> entry, Moment now) {
        if (entry.isEmpty()) {
            return KeyView.Owner.NONE;
        }
        String uid = entry.get().owner().uid();
        TrackedPod pod = tracked.get(uid);
        if (pod != null) {
            return stillWants(pod.current(), entry.get().ref());
        }
        if (goneSeen.contains(uid)) {
            return KeyView.Owner.GONE;
        }
        Long since = missingSince.get(uid);
        if (since == null) {
            return KeyView.Owner.UNKNOWN;
        }
        return now.reached(since + times.orphanGrace().toNanos())
                ? KeyView.Owner.MISSING_LONG
                : KeyView.Owner.MISSING;
    }

    private static KeyView.Owner stillWants(ModulePod pod, ModuleRef ref) {
        if (pod.terminating()) {
            return KeyView.Owner.TERMINATING;
        }
        boolean asks =
                pod.containers().stream().anyMatch(c -> asksFor(c, ref) && !pod.ended(c.name()));
        return pod.living() && asks ? KeyView.Owner.LIVING : KeyView.Owner.GONE;
    }

    private static boolean asksFor(ModuleContainer container, ModuleRef ref) {
        return container.wanted() instanceof ModuleContainer.Module module
                && module.ref().equals(ref);
    }

    /** When the grace of an owner that nobody saw go ends. */
    long graceEnds(String uid) {
        Long since = missingSince.get(uid);
        return since == null ? Long.MAX_VALUE : since + times.orphanGrace().toNanos();
    }

    /** All claims by key; nobody can claim the base itself. */
    Map<ModuleRef, List<KeyView.Claim>> claims(Optional<ModuleRef> master) {
        Map<ModuleRef, List<KeyView.Claim>> claims = new TreeMap<>();
        for (TrackedPod pod : tracked.values()) {
            ModulePod current = pod.current();
            for (ModuleContainer container : current.containers()) {
                if (current.labelled()
                        && !current.ended(container.name())
                        && container.wanted() instanceof ModuleContainer.Module module) {
                    boolean spent = pod.spent(container.name());
                    claims.computeIfAbsent(module.ref(), ref -> new ArrayList<>())
                            .add(new KeyView.Claim(current, module, spent));
                }
            }
        }
        master.ifPresent(claims::remove);
        return claims;
    }

    /** Forgets those that left, that no record names and that no late news can bring back. */
    void prune(Collection<ModuleEntry> entries) {
        Set<String> owners =
                entries.stream().map(entry -> entry.owner().uid()).collect(Collectors.toSet());
        goneSeen.removeIf(uid -> !owners.contains(uid) && !watched.contains(uid));
        missingSince.keySet().retainAll(owners);
    }
}
