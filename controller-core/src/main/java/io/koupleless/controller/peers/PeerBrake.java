package io.koupleless.controller.peers;

import io.koupleless.controller.vnode.Moment;
import java.util.Collection;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import java.util.stream.LongStream;

/** Why nothing may be scaled down now: what is scaled down by mistake is uninstalled. */
final class PeerBrake {
    private final PeerSettings settings;
    private final Set<PeerFact.Watch> unsynced = EnumSet.allOf(PeerFact.Watch.class);
    private final long quietUntil;
    private boolean manyAway;
    private long settledAt;
    private long inTouchAt;

    PeerBrake(PeerSettings settings, Moment now) {
        this.settings = settings;
        this.quietUntil = now.plus(settings.quietAfterStart());
        this.settledAt = now.nanos();
        this.inTouchAt = now.nanos();
    }

    /** True when that was not known yet. */
    boolean synced(PeerFact.Watch watch) {
        return unsynced.remove(watch);
    }

    /** The API server did not answer us: what the watches told is of the past, until they go on. */
    void outOfTouch(Moment now) {
        inTouchAt = now.plus(settings.notReadyGrace());
    }

    /**
     * @param nodes all that there are, or were a moment ago
     */
    void look(Collection<SeenNode> nodes, Moment now) {
        boolean many = PeerPlan.tooManyAway(nodes, settings.brakePercent());
        if (manyAway && !many) {
            // They come back one after the other: the first are no reason to give up the last.
            settledAt = now.plus(settings.notReadyGrace());
        }
        manyAway = many;
    }

    Optional<PeerDecision.Hold> why(Moment now) {
        if (!unsynced.isEmpty()) {
            return Optional.of(new PeerDecision.Hold(PeerHold.UNSYNCED, ""));
        }
        if (!now.reached(quietUntil)) {
            return Optional.of(
                    new PeerDecision.Hold(
                            PeerHold.STARTED_JUST_NOW,
                            "nothing is scaled down within %d s of the controller's start"
                                    .formatted(settings.quietAfterStart().toSeconds())));
        }
        if (!now.reached(inTouchAt)) {
            return Optional.of(
                    new PeerDecision.Hold(
                            PeerHold.OUT_OF_TOUCH,
                            "a request to the API server failed within the last %d s: nothing is scaled down"
                                    .formatted(settings.notReadyGrace().toSeconds())));
        }
        if (manyAway || !now.reached(settledAt)) {
            return Optional.of(
                    new PeerDecision.Hold(
                            PeerHold.MANY_AWAY,
                            "more than %d %% of the bases are, or were a moment ago, not Ready or gone: nothing is scaled down"
                                    .formatted(settings.brakePercent())));
        }
        return Optional.empty();
    }

    /** When one of the reasons ends by itself. */
    long nextLook(Moment now) {
        return LongStream.of(quietUntil, inTouchAt, settledAt)
                .filter(end -> !now.reached(end))
                .min()
                .orElse(Long.MAX_VALUE);
    }
}
