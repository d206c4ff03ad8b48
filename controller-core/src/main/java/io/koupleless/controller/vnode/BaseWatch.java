package io.koupleless.controller.vnode;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.node.BaseFacts;
import io.koupleless.controller.tunnel.TunnelEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * What a base has let us hear, and what follows: probed, silent, not answering, or gone.
 *
 * <p>Nobody is judged silent before a question of ours stayed unanswered.
 */
final class BaseWatch {
    /** How far we trust the base to be there. */
    enum Trust {
        /** New: nothing was asked yet. */
        UNPROBED,
        /** An earlier process of ours said Ready; its word stands until we know better. */
        ASSUMED,
        /** Health and a full module list came. */
        PROBED,
        /** No sign of life for too long. */
        SILENT
    }

    private static final Duration ASK_AGAIN = Duration.ofMillis(500);

    private final VNodeSettings.Times times;

    /** One for each tunnel: a base may tell another address on each. */
    private final Map<String, IdentityWatch> addresses = new HashMap<>();

    /** What each tunnel last told. */
    private final Map<String, BaseTraits> traits = new TreeMap<>();

    private final ProcessWatch process;
    private final Questions questions;
    private final Silence silence;
    private final Channels channels;

    private Base base;
    private Optional<BaseHealth> health = Optional.empty();
    private Trust trust = Trust.UNPROBED;
    private long probeFrom;
    private boolean healthCame;
    private boolean modulesCame;
    private boolean restartSuspected;
    private boolean leaving;
    private boolean vanished;
    private OptionalLong doubted = OptionalLong.empty();
    private long pausedUntil;

    BaseWatch(
            Base base,
            Channels channels,
            VNodeSettings.Times times,
            RandomGenerator random,
            Moment now) {
        this.base = base;
        this.channels = channels;
        this.times = times;
        this.process = new ProcessWatch(times.identityWindow());
        this.questions = new Questions(times, random, now);
        this.silence = new Silence(now);
        this.probeFrom = now.nanos();
        this.pausedUntil = now.nanos();
    }

    Base base() {
        return base;
    }

    /** The tunnel that commands take. */
    String tunnel() {
        return channels.current();
    }

    /** How many commands on modules the base can work on and still answer questions. */
    int commandsAtOnce() {
        long processors = health.map(h -> h.cpuCount().orElse(1)).orElse(1L);
        return channels.commandsAtOnce(Math.toIntExact(Math.min(processors, 1_000)));
    }

    Optional<BaseHealth> health() {
        return health;
    }

    /** The base's own biz, once its health has named it. */
    Optional<ModuleRef> master() {
        return health.flatMap(BaseHealth::master);
    }

    /** True for the base's own biz, which no Pod may ask for. */
    boolean isMaster(ModuleRef ref) {
        return master().filter(ref::equals).isPresent();
    }

    ProcessWatch process() {
        return process;
    }

    Questions questions() {
        return questions;
    }

    Trust trust() {
        return trust;
    }

    /** Health and a full list came since the base was new, silent or restarted. */
    boolean probed() {
        return healthCame
                && modulesCame
                && !restartSuspected
                && !process.doubts()
                && doubted.isEmpty();
    }

    boolean linkUp() {
        return silence.linkUp();
    }

    /** Some sign of life came at this time or later. */
    boolean heardSince(long at) {
        return silence.seenSince(at);
    }

    /** It is there, we know what is on it, and our way to it works. */
    boolean well(Moment now) {
        return linkUp() && trust == Trust.PROBED && probed() && !leaving && !identityConflict(now);
    }

    void assumeReady() {
        if (trust == Trust.UNPROBED) {
            trust = Trust.ASSUMED;
        }
    }

    /**
     * A link of our own changed.
     *
     * @param shownReady the Node still says Ready: a silence that nobody was told of starts anew
     */
    void link(String by, boolean up, boolean shownReady, Moment now) {
        channels.link(by, up);
        choose(now);
        if (linkIs(channels.linkUp(), now)) {
            questions.askAll(now);
            if (trust == Trust.SILENT && shownReady) {
                trust = Trust.ASSUMED;
            }
        }
    }

    /** The base was heard, whatever it said. */
    void heard(String by, Moment now) {
        channels.heard(by, now);
        choose(now);
        linkIs(channels.linkUp(), now);
    }

    /** True when it has come back. */
    private boolean linkIs(boolean up, Moment now) {
        boolean back = silence.link(up, now);
        if (back) {
            questions.health().silenceBegins();
        }
        return back;
    }

    /** A question did not reach the base; one that has not proven to be there is asked soon. */
    void notReached(QueryTrack question, Moment now) {
        question.notSent();
        channels.unanswered(now);
        if (trust == Trust.UNPROBED || trust == Trust.SILENT) {
            question.want(now.plus(ASK_AGAIN));
        }
    }

    /**
     * A command did not reach the base: none goes out for a moment, or they would go in circles.
     */
    void commandNotReached(Moment now) {
        channels.unanswered(now);
        pausedUntil = now.plus(times.writeRetry());
    }

    /** Until when no command is tried. */
    long pausedUntil() {
        return pausedUntil;
    }

    /**
     * Leaves a channel that fails for another one that works, and asks there anew.
     *
     * @return true when commands take another tunnel from now on
     */
    boolean choose(Moment now) {
        if (questions.overdue(now)) {
            channels.unanswered(now);
        }
        boolean changed = channels.choose(now);
        if (changed) {
            questions.askAnew(now);
        }
        return changed;
    }

    /** Its process is about to end; another process of the same base will be welcome. */
    void leaving() {
        leaving = true;
    }

    /** It is no more. */
    void vanished() {
        leaving = true;
        vanished = true;
    }

    boolean isLeaving() {
        return leaving;
    }

    /** Without a link of our own nobody is judged, and no earlier judgement is told. */
    boolean tellable() {
        return linkUp() || trust != Trust.SILENT;
    }

    void seen(Base next, String by, Moment now) {
        traits.put(by, next.traits());
        Base both = by.equals(tunnel()) ? next.completedBy(base) : base.completedBy(next);
        base = both.with(traitsOfAll());
        addresses
                .computeIfAbsent(by, tunnel -> new IdentityWatch(times.identityWindow()))
                .heard(next.ip() + "|" + next.hostName(), now);
        alive(now);
    }

    /** What the tunnel that commands take tells comes first. */
    private BaseTraits traitsOfAll() {
        BaseTraits all = traits.getOrDefault(tunnel(), BaseTraits.NONE);
        for (BaseTraits more : traits.values()) {
            all = all.completedBy(more);
        }
        return all;
    }

    /** Any sign of life; one that ends a silence asks at once for all there is to know. */
    void alive(Moment now) {
        boolean wasQuiet = silence.broken(times.healthPeriod(), now);
        questions.health().silenceBegins();
        if (wasQuiet || trust == Trust.SILENT) {
            if (!healthCame) {
                questions.health().want(now.nanos());
            }
            if (!modulesCame) {
                questions.modules().want(now.nanos());
            }
        }
    }

    /** The base's process says that it has just started; its health will tell. */
    void baselineAsked(Moment now) {
        alive(now);
        restartSuspected = true;
        questions.askAnew(now);
    }

    void answered(String by, Moment now) {
        channels.answered(by);
        silence.answered(now);
        alive(now);
    }

    /** Takes a health answer; true when it comes from another process than before. */
    boolean health(TunnelEvent.HealthReported report, String by, Moment now) {
        answered(by, now);
        OptionalLong asked = questions.health().answered(by, now);
        if (asked.isEmpty()) {
            return false;
        }
        health = Optional.of(report.health());
        Optional<Duration> uptime = report.health().uptime();
        boolean restarted =
                uptime.map(up -> process.heard(up, asked.getAsLong(), now))
                        .orElse(restartSuspected);
        askIfInDoubt(now);
        restartSuspected = false;
        if (doubted.isPresent() && asked.getAsLong() - doubted.getAsLong() >= 0) {
            doubted = OptionalLong.empty();
        }
        if (asked.getAsLong() - probeFrom >= 0) {
            healthCame = true;
        }
        updateTrust();
        return restarted;
    }

    /** Another controller has been at work: commands wait for an answer and a list of now. */
    void startAnew(Moment now) {
        process.startAnew();
        probeFrom = now.nanos();
        healthCame = false;
        modulesCame = false;
        questions.askAll(now);
    }

    /** What the record says of the base's process. */
    void recorded(Optional<Instant> processStart, Moment now) {
        process.recorded(processStart);
        askIfInDoubt(now);
    }

    /**
     * Modules are missing: a new process would explain it, and wants them together. Its health is
     * asked for before anything is sent.
     */
    void doubtProcess(Moment now) {
        doubted = OptionalLong.of(now.nanos());
        questions.health().want(now.nanos());
    }

    private void askIfInDoubt(Moment now) {
        if (process.doubts()) {
            questions.health().want(now.nanos());
        }
    }

    /** Takes a module list; when it was asked for, or empty when it is no evidence. */
    OptionalLong modules(String by, Moment now) {
        answered(by, now);
        OptionalLong asked = questions.modules().answered(by, now);
        if (asked.isPresent() && asked.getAsLong() - probeFrom >= 0) {
            modulesCame = true;
            updateTrust();
        }
        return asked;
    }

    private void updateTrust() {
        if (healthCame && modulesCame) {
            trust = Trust.PROBED;
        }
    }

    /**
     * Another process: what was asked before will not be answered, and its list counts for nothing.
     */
    void restarted(Moment now) {
        leaving = false;
        questions.modules().clear();
        modulesCame = false;
        questions.modules().want(now.nanos());
        probeFrom = now.nanos();
        healthCame = true;
    }

    /** A base that has not proven to be there is asked again as soon as a question ran out. */
    void insist(Moment now) {
        if (trust == Trust.UNPROBED || trust == Trust.SILENT) {
            if (questions.health().giveUp(now) && !healthCame) {
                questions.health().want(now.nanos());
            }
            if (questions.modules().giveUp(now) && !modulesCame) {
                questions.modules().want(now.nanos());
            }
        }
    }

    /** Notices silence; true when the base has just become silent. */
    boolean judge(Moment now) {
        boolean judged = trust == Trust.PROBED || trust == Trust.ASSUMED;
        if (!judged || !silence.lasts(times.silentAfter(), now) || !probeUnanswered(now)) {
            return false;
        }
        trust = Trust.SILENT;
        probeFrom = now.nanos();
        healthCame = false;
        modulesCame = false;
        return true;
    }

    private boolean probeUnanswered(Moment now) {
        OptionalLong asked = questions.health().askedInSilence();
        if (asked.isEmpty()) {
            questions.health().want(now.nanos());
            return false;
        }
        return now.reached(asked.getAsLong() + times.queryDeadline().toNanos());
    }

    /** No sign of life for so long that the Node has to go. */
    boolean gone(Moment now) {
        boolean silent = trust == Trust.SILENT || trust == Trust.UNPROBED;
        return vanished || (silent && silence.lasts(times.deleteAfter(), now));
    }

    /** Heartbeats come, answers do not. */
    boolean notAnswering(Moment now) {
        return (trust == Trust.PROBED || trust == Trust.ASSUMED)
                && silence.withoutAnswer(patience(), now)
                && !silence.lasts(times.silentAfter(), now);
    }

    private Duration patience() {
        return times.silentAfter().plus(times.queryDeadline());
    }

    boolean identityConflict(Moment now) {
        for (IdentityWatch address : addresses.values()) {
            if (address.conflict(now)) {
                return true;
            }
        }
        return process.conflict(now);
    }

    /** The base itself says whether it serves. */
    boolean active() {
        return base.active() && health.map(BaseHealth::active).orElse(true);
    }

    BaseFacts.Readiness readiness() {
        if (leaving) {
            return new BaseFacts.Readiness(
                    false, Reason.TERMINATING, "the base's own Pod is terminating");
        }
        return switch (trust) {
            case UNPROBED -> BaseFacts.NOT_PROBED;
            case SILENT ->
                    new BaseFacts.Readiness(
                            false, Reason.SILENT, "no heartbeat and no answer of the base");
            case ASSUMED, PROBED ->
                    active()
                            ? new BaseFacts.Readiness(true, Reason.ANSWERING, "")
                            : new BaseFacts.Readiness(
                                    false,
                                    Reason.NOT_ACTIVE,
                                    "the base says that it does not serve");
        };
    }

    /** When one of the judgements above can change by time alone; never now or earlier. */
    long nextLook(Moment now) {
        long next = process.nextLook(now);
        for (IdentityWatch address : addresses.values()) {
            next = Math.min(next, address.nextLook(now));
        }
        next = Math.min(next, channels.nextLook(now));
        next = Math.min(next, ahead(pausedUntil, now));
        if (!linkUp()) {
            return next;
        }
        next = Math.min(next, questions.nextLook(now));
        OptionalLong asked = questions.health().askedInSilence();
        if (asked.isPresent()) {
            next = Math.min(next, ahead(asked.getAsLong() + times.queryDeadline().toNanos(), now));
        }
        next = Math.min(next, ahead(silence.since() + times.silentAfter().toNanos(), now));
        next = Math.min(next, ahead(silence.since() + times.deleteAfter().toNanos(), now));
        return Math.min(next, ahead(silence.withoutAnswerAt(patience()), now));
    }

    private static long ahead(long at, Moment now) {
        return now.reached(at) ? Long.MAX_VALUE : at;
    }
}
