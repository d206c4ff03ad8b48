package io.koupleless.controller.vnode;

import io.koupleless.controller.lease.LeaseWrite;
import io.koupleless.controller.lease.ObservedLease;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Holds the node Lease: our fence, and the heartbeat that kube-controller-manager watches.
 *
 * <p>Every write names the version of our own last one, so a renewal never goes over somebody
 * else's. Another's Lease is taken only after its whole duration was seen, by us, without a change;
 * our own of an earlier process is taken again at once.
 */
public final class LeaseHold {
    private final String identity;
    private final VNodeSettings.Times times;

    private @Nullable ObservedLease known;
    private boolean read;
    private boolean held;
    private boolean everHeld;
    private boolean othersSince;
    private boolean tookOver;
    private boolean busy;
    private boolean leaving;
    private long changedAt;
    private long nextTry;
    private long validUntil;
    private int attempts;
    private @Nullable Effect sent;
    private long sentAt;

    /** Of whoever has these settings; nothing is known of the Lease yet. */
    public LeaseHold(VNodeSettings settings, Moment now) {
        this.identity = settings.identity();
        this.times = settings.times();
        this.nextTry = now.nanos();
    }

    public boolean held(Moment now) {
        return held && !leaving && !now.reached(validUntil);
    }

    /** Not held any more from now on; {@link #next} brings what tells others so. */
    public void giveUp() {
        leaving = true;
    }

    /** All that follows from {@link #giveUp} is done; it is done once, whatever becomes of it. */
    public boolean givenUp() {
        return leaving && !busy && !held;
    }

    /**
     * Somebody else held it before our last acquisition, and after we had held it: what we know is
     * of the time before.
     */
    boolean tookOver() {
        return tookOver;
    }

    /** A read or a write is under way. */
    boolean busy() {
        return busy;
    }

    /** Nothing fenced may leave at or after this monotonic instant. */
    public long fence() {
        return validUntil;
    }

    int generation() {
        return known == null ? 0 : known.transitions();
    }

    /** What is to be read or written now; its outcome goes to {@link #finished}. */
    public Optional<Effect> next(Moment now) {
        if (busy || (leaving ? !held : !now.reached(nextTry))) {
            return Optional.empty();
        }
        Effect effect = leaving ? release(now) : read ? write(now) : new Effect.ReadLease();
        if (effect == null) {
            return Optional.empty();
        }
        busy = true;
        sent = effect;
        sentAt = now.nanos();
        return Optional.of(effect);
    }

    public long nextLook() {
        return busy || leaving ? Long.MAX_VALUE : nextTry;
    }

    /** Nobody has to wait until it runs out. */
    private @Nullable Effect release(Moment now) {
        held = false;
        ObservedLease lease = known;
        return lease == null
                ? null
                : new Effect.WriteLease(
                        new LeaseWrite(
                                Optional.of(lease.resourceVersion()),
                                "",
                                laterThan(lease.renewTime(), now.wall()),
                                lease.duration(),
                                lease.transitions(),
                                Optional.empty()));
    }

    private @Nullable Effect write(Moment now) {
        ObservedLease lease = known;
        if (lease == null) {
            return new Effect.WriteLease(
                    writeOf(Optional.empty(), now.wall(), 0, Optional.of(now.wall())));
        }
        boolean ours = lease.holder().equals(identity);
        if (!ours && !lease.holder().isEmpty() && !unchangedForItsDuration(lease, now)) {
            nextTry = changedAt + lease.duration().toNanos();
            return null;
        }
        boolean renewal = held && ours;
        return new Effect.WriteLease(
                writeOf(
                        Optional.of(lease.resourceVersion()),
                        laterThan(lease.renewTime(), now.wall()),
                        renewal ? lease.transitions() : lease.transitions() + 1,
                        renewal ? Optional.empty() : Optional.of(now.wall())));
    }

    private LeaseWrite writeOf(
            Optional<String> version, Instant renew, int transitions, Optional<Instant> acquired) {
        return new LeaseWrite(
                version, identity, renew, times.leaseDuration(), transitions, acquired);
    }

    private boolean unchangedForItsDuration(ObservedLease lease, Moment now) {
        return now.reached(changedAt + lease.duration().toNanos());
    }

    /** kube-controller-manager counts a renewal only if it is newer than the one before. */
    static Instant laterThan(Optional<Instant> stored, Instant now) {
        Instant next = now.truncatedTo(ChronoUnit.MICROS);
        return stored.map(s -> s.plus(1, ChronoUnit.MICROS))
                .filter(floor -> floor.isAfter(next))
                .orElse(next);
    }

    /** True when this outcome made us the holder, or another generation of ourselves. */
    public boolean finished(Effect effect, Outcome outcome, Moment now) {
        if (!effect.equals(sent)) {
            return false;
        }
        busy = false;
        sent = null;
        return switch (outcome) {
            case Outcome.LeaseRead(Optional<ObservedLease> lease) -> {
                observed(lease, now);
                yield false;
            }
            case Outcome.Written(String version) ->
                    effect instanceof Effect.WriteLease(LeaseWrite write)
                            && written(write, version, now);
            case Outcome.Conflict(), Outcome.Missing() -> {
                read = false;
                nextTry = now.nanos();
                yield false;
            }
            default -> {
                attempts++;
                Duration pause = times.writeRetry().multipliedBy(1L << Math.min(attempts - 1, 3));
                Duration most = times.leaseRenew();
                nextTry = now.plus(pause.compareTo(most) > 0 ? most : pause);
                yield false;
            }
        };
    }

    private void observed(Optional<ObservedLease> lease, Moment now) {
        ObservedLease before = known;
        read = true;
        attempts = 0;
        known = lease.orElse(null);
        boolean changed =
                before == null
                        || known == null
                        || !before.resourceVersion().equals(known.resourceVersion());
        if (changed) {
            changedAt = now.nanos();
        }
        boolean stillOurs =
                held
                        && known != null
                        && before != null
                        && known.holder().equals(identity)
                        && known.transitions() == before.transitions();
        if (!stillOurs) {
            held = false;
        }
        boolean anothers = known == null || !known.holder().equals(identity);
        othersSince |= everHeld && anothers;
        nextTry = now.nanos();
    }

    private boolean written(LeaseWrite write, String version, Moment now) {
        if (write.holder().isEmpty()) {
            return false;
        }
        boolean acquired = write.acquired().isPresent();
        if (acquired) {
            tookOver = othersSince;
            othersSince = false;
            everHeld = true;
        }
        known =
                new ObservedLease(
                        version,
                        identity,
                        Optional.of(write.renewTime()),
                        write.duration(),
                        write.transitions());
        changedAt = now.nanos();
        attempts = 0;
        held = true;
        validUntil = sentAt + times.leaseDuration().minus(times.leaseMargin()).toNanos();
        nextTry = sentAt + times.leaseRenew().toNanos();
        return acquired;
    }
}
