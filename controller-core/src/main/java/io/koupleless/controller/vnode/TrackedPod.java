package io.koupleless.controller.vnode;

import io.koupleless.controller.pod.ContainerState;
import io.koupleless.controller.pod.ContainerStatus;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.Restarts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A Pod on this Node and the one write on its way to it. */
final class TrackedPod {
    private ModulePod pod;
    private final long firstSeen;
    private final Map<String, Restarts> restarts = new HashMap<>();
    private final Map<String, Instant> startedAt = new HashMap<>();
    private final boolean seenLiving;
    private boolean followed;
    private boolean lookedUp = true;
    private boolean writing;
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

    long firstSeen() {
        return firstSeen;
    }

    Map<String, Restarts> restarts() {
        return restarts;
    }

    /** A new version of the Pod; our own last write stands until the watch shows it. */
    void seen(ModulePod next) {
        if (take(next)) {
            followed = false;
        }
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

    /** The label is gone but the Pod lives: its module stays, until the Pod goes. */
    void follow(ModulePod read) {
        take(pod.labelled() && !read.labelled() ? read.relabelled() : read);
        followed = true;
        lookedUp = true;
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

    void wrote(PodStatus status, String version) {
        writing = false;
        failures = 0;
        boolean shown = Versions.atLeast(pod.resourceVersion(), version);
        written = shown ? null : withForeignConditions(status);
        writtenVersion = shown ? null : version;
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

    /** When a write that failed may be tried again; never now or earlier. */
    long nextLook(Moment now) {
        return !writing && !deleting && !now.reached(notBefore) ? notBefore : Long.MAX_VALUE;
    }

    Optional<Instant> startedAt(String container) {
        return Optional.ofNullable(startedAt.get(container));
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
