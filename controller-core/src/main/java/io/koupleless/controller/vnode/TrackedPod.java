package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.Restarts;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Pod on this Node and the one write on its way to it. */
final class TrackedPod {
    private ModulePod pod;
    private final long firstSeen;
    private final Map<String, Restarts> restarts = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    private final boolean seenLiving;
    private List<String> ignored = List.of();
    private OptionalLong activeSince = OptionalLong.empty();
    private boolean followed;
    private boolean lookedUp = true;
    private boolean writing;

    private Optional<PodStatus> ending = Optional.empty();

    /** It was looked at while a write was on its way. */
    private boolean kept;

    private boolean deleting;
    private long notBefore;
    private int failures;
    private @Nullable PodStatus written;
    private @Nullable String writtenVersion;

    TrackedPod(ModulePod pod, Moment now) {
        this.pod = pod;
        this.firstSeen = now.nanos();
        this.notBefore = now.nanos();
        this.seenLiving = !pod.terminating();
        for (ContainerStatus status : pod.status().containers()) {
            restarts.put(status.name(), new Restarts(status.restartCount(), status.lastState()));
            if (status.state() instanceof ContainerState.Running(Instant started)) {
                startedAt.put(status.name(), started);
            }
        }
    }

    ModulePod pod() {
        return pod;
    }

    /** The modules that its containers ask for. */
    Stream<ModuleContainer.Module> modules() {
        return pod.containers().stream()
                .map(ModuleContainer::wanted)
                .filter(ModuleContainer.Module.class::isInstance)
                .map(ModuleContainer.Module.class::cast);
    }

    /** We know from our own clock when it was asked to end. */
    boolean seenLiving() {
        return seenLiving;
    }

    /** True once for each list of things that have no effect. */
    boolean isNews(List<String> next) {
        boolean news = !next.equals(ignored);
        ignored = next;
        return news && !next.isEmpty();
    }

    long firstSeen() {
        return firstSeen;
    }

    Map<String, Restarts> restarts() {
        return restarts;
    }

    /**
     * A new version of the Pod; our own last write stands until the watch shows it.
     *
     * @return false when it shows nothing but what we wrote
     */
    boolean seen(ModulePod next) {
        ModulePod before = current();
        boolean followedBefore = followed;
        if (take(next)) {
            followed = false;
        }
        return followedBefore != followed || !before.saysTheSameAs(current());
    }

    private boolean take(ModulePod next) {
        boolean news = Versions.atLeast(next.resourceVersion(), pod.resourceVersion());
        if (news) {
            pod = next;
            String version = writtenVersion;
            if (version != null && Versions.atLeast(next.resourceVersion(), version)) {
                written = null;
                writtenVersion = null;
            }
        }
        return news;
    }

    /**
     * A read of a Pod that no watch tells of. One that lost its label keeps its module until it
     * goes; one that never had it is no module's.
     */
    void follow(ModulePod read) {
        boolean ours = pod.labelled();
        take(ours && !read.labelled() ? read.relabelled() : read);
        followed = ours;
        lookedUp = true;
    }

    /** The record names it as an owner: it had the label, and lost it while nobody looked. */
    void remember() {
        if (!pod.labelled()) {
            pod = pod.relabelled();
            followed = true;
        }
    }

    boolean followed() {
        return followed;
    }

    /** The watch lost it; it has to be read. */
    void unseen() {
        lookedUp = false;
    }

    boolean needsLookUp() {
        return !lookedUp;
    }

    void lookingUp() {
        lookedUp = true;
    }

    /** What the API server will show once our write is through. */
    PodStatus status() {
        return written == null ? pod.status() : written;
    }

    /** The Pod as it will be shown. */
    ModulePod current() {
        return written == null ? pod : pod.with(written);
    }

    /** What a look at it leads to may have to wait for the write on its way. */
    void looked() {
        kept |= writing;
    }

    boolean mayWrite(Moment now) {
        return !writing && !deleting && now.reached(notBefore);
    }

    boolean mayDelete(Moment now) {
        return !deleting && now.reached(notBefore);
    }

    void writing() {
        writing = true;
    }

    void deleting() {
        deleting = true;
    }

    /**
     * A write of ours went through.
     *
     * @return true when something was kept back meanwhile, or may follow from the status itself
     */
    boolean wrote(PodStatus status, String version) {
        boolean look = kept;
        kept = false;
        writing = false;
        failures = 0;
        boolean shown = Versions.atLeast(pod.resourceVersion(), version);
        written = shown ? null : withForeignConditions(status);
        writtenVersion = shown ? null : version;
        return look
                || status.phase().terminal()
                || pod.restartPolicy() != ModulePod.RestartPolicy.ALWAYS
                || pod.terms().activeDeadline().isPresent();
    }

    private PodStatus withForeignConditions(PodStatus ours) {
        List<PodCondition> all = new ArrayList<>(ours.conditions());
        for (PodCondition condition : pod.status().conditions()) {
            if (ours.condition(condition.type()).isEmpty()) {
                all.add(condition);
            }
        }
        return new PodStatus(
                ours.phase(),
                ours.reason(),
                ours.message(),
                ours.podIp(),
                ours.startTime(),
                all,
                ours.containers());
    }

    void writeFailed(VNodeSettings.Times times, Moment now) {
        writing = false;
        deleting = false;
        failures++;
        notBefore = now.plus(times.writeRetry().multipliedBy(1L << Math.min(failures - 1, 6)));
    }

    /** A write failed, and perhaps went through all the same: what is over is never revived. */
    void mayShow(PodStatus status) {
        if (status.phase().terminal()) {
            ending = Optional.of(status);
        }
    }

    /** With what it may have been ended already. */
    Optional<PodStatus> ending() {
        return ending;
    }

    /** When a write that failed may be tried again; never now or earlier. */
    long nextLook(Moment now) {
        return !writing && !deleting && !now.reached(notBefore) ? notBefore : Long.MAX_VALUE;
    }

    Optional<Instant> startedAt(String container) {
        return Optional.ofNullable(startedAt.get(container));
    }

    /** The container had its module, and its Pod must not start it twice. */
    boolean spent(String container) {
        return pod.restartPolicy() == ModulePod.RestartPolicy.NEVER
                && startedAt.containsKey(container);
    }

    /** When its time is up; empty if it has all the time. */
    OptionalLong overAt(Moment now) {
        Optional<Duration> limit = pod.terms().activeDeadline();
        Optional<Instant> started = status().startTime();
        if (limit.isEmpty() || started.isEmpty()) {
            return OptionalLong.empty();
        }
        if (activeSince.isEmpty()) {
            Duration ago = Duration.between(started.get(), now.wall());
            activeSince = OptionalLong.of(now.nanos() - (ago.isNegative() ? 0 : ago.toNanos()));
        }
        return OptionalLong.of(activeSince.getAsLong() + limit.get().toNanos());
    }

    void started(String container, Instant at) {
        startedAt.put(container, at);
    }

    /** The module of this container ended and is about to be installed again. */
    void restarts(String container, String reason, String message, Instant now) {
        Restarts before = restarts.getOrDefault(container, Restarts.NONE);
        Instant started = startedAt.getOrDefault(container, now);
        startedAt.remove(container);
        restarts.put(
                container,
                new Restarts(
                        before.count() + 1,
                        new ContainerState.Terminated(1, reason, message, started, now)));
    }
}
