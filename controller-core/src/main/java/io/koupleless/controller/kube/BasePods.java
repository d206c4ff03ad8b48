package io.koupleless.controller.kube;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which Pod has which address, and what of that the listener has been told: each change once.
 *
 * <p>Addresses are used again, and news of two Pods may come in any order. So each Pod, known by
 * its UID, keeps a claim, the newest of them has the address, and the end of another is nobody's
 * news.
 */
final class BasePods {
    private static final Logger LOG = LoggerFactory.getLogger(BasePods.class);

    /** How a claim ends. */
    enum End {
        /** For certain its process is no more. */
        GONE,
        /** The Pod is not selected any more, or tells no address; its process may live on. */
        LOST
    }

    private record Claim(String uid, Instant createdAt, FoundBase base, boolean leaving) {
        private static final Comparator<Claim> WEAKER =
                Comparator.comparing((Claim claim) -> !claim.leaving)
                        .thenComparing(Claim::createdAt)
                        .thenComparing(Claim::uid);

        private BaseAddress address() {
            return base.address();
        }
    }

    private final BaseSourceListener listener;
    private final Map<String, Claim> claims = new HashMap<>();
    private final Map<BaseAddress, Claim> told = new HashMap<>();
    private final Set<String> doubted = new HashSet<>();
    private final Map<String, String> complaints = new HashMap<>();

    BasePods(BaseSourceListener listener) {
        this.listener = listener;
    }

    synchronized void seen(BasePod pod) {
        doubted.remove(pod.ref().uid());
        switch (pod.state()) {
            case BasePod.Serving(FoundBase base) -> claim(claimOf(pod, base, false));
            case BasePod.Leaving(FoundBase base) -> claim(claimOf(pod, base, true));
            case BasePod.Ended() -> drop(pod.ref().uid(), End.GONE);
            case BasePod.Nowhere(), BasePod.OfModules() -> drop(pod.ref().uid(), End.LOST);
            case BasePod.Unclear(String reason) -> {
                drop(pod.ref().uid(), End.LOST);
                complain(pod, reason);
            }
        }
    }

    /** The Pod will not be heard of again. */
    synchronized void ended(String uid, End end) {
        complaints.remove(uid);
        doubted.remove(uid);
        drop(uid, end);
    }

    /**
     * Nobody knows why the Pod is not seen any more.
     *
     * @return whether it matters, and somebody should look
     */
    synchronized boolean doubt(String uid) {
        complaints.remove(uid);
        return claims.containsKey(uid) && doubted.add(uid);
    }

    /** Somebody looked; the Pod may have been seen again meanwhile. */
    synchronized void judged(String uid, End end) {
        if (end == End.GONE || doubted.contains(uid)) {
            ended(uid, end);
        }
    }

    private static Claim claimOf(BasePod pod, FoundBase base, boolean leaving) {
        return new Claim(pod.ref().uid(), pod.createdAt(), base, leaving);
    }

    private void claim(Claim now) {
        Claim before = claims.put(now.uid(), now);
        if (now.equals(before)) {
            return;
        }
        if (before != null && !before.address().equals(now.address())) {
            settle(before.address(), moved(before.address(), now.address()));
        }
        settle(now.address(), End.GONE);
    }

    /** With another IP it is another process; another port may be a correction of what was said. */
    private static End moved(BaseAddress before, BaseAddress now) {
        return before.ip().equals(now.ip()) ? End.LOST : End.GONE;
    }

    private void drop(String uid, End end) {
        Claim before = claims.remove(uid);
        if (before != null) {
            settle(before.address(), end);
        }
    }

    /**
     * Tells what is new at an address.
     *
     * @param end of the Pod that had it, if it is not the same as now
     */
    private void settle(BaseAddress address, End end) {
        Claim before = told.remove(address);
        Claim now = strongest(address).orElse(null);
        if (now != null) {
            told.put(address, now);
        }
        if (before == null || now == null || !before.uid().equals(now.uid())) {
            tellEnd(before, end);
            tellStart(now);
        } else if (!before.equals(now)) {
            tellChange(before, now);
        }
    }

    private Optional<Claim> strongest(BaseAddress address) {
        return claims.values().stream()
                .filter(claim -> claim.address().equals(address))
                .max(Claim.WEAKER);
    }

    private void tellEnd(@Nullable Claim before, End end) {
        if (before == null) {
            return;
        }
        switch (end) {
            case GONE -> listener.gone(before.address());
            case LOST -> listener.lost(before.address());
        }
    }

    /** One that leaves already is worth no meeting, but another source may know it. */
    private void tellStart(@Nullable Claim now) {
        if (now == null) {
            return;
        }
        if (now.leaving()) {
            listener.leaving(now.address());
        } else {
            listener.found(now.base());
        }
    }

    private void tellChange(Claim before, Claim now) {
        if (!now.leaving()) {
            listener.found(now.base());
        } else if (!before.leaving()) {
            listener.leaving(now.address());
        }
    }

    private void complain(BasePod pod, String reason) {
        if (!reason.equals(complaints.put(pod.ref().uid(), reason))) {
            LOG.atWarn()
                    .addKeyValue("pod", pod.ref().namespace() + "/" + pod.ref().name())
                    .addKeyValue("reason", reason)
                    .log("This Pod is not taken for a base");
        }
    }
}
