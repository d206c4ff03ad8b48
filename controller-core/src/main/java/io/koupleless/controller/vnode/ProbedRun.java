package io.koupleless.controller.vnode;

import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import java.time.Duration;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** What the probes say of one run of a module: from its activation to the next one. */
final class ProbedRun {
    final TrackedPod pod;
    final ModuleContainer container;
    final ModuleRef ref;
    final long startedAt;
    private final Map<ProbeKind, ProbeTrack> tracks = new EnumMap<>(ProbeKind.class);

    /**
     * @param startedAt monotonic
     * @param started the startup probe has succeeded already
     * @param ready the readiness probe has
     */
    ProbedRun(
            TrackedPod pod,
            ModuleContainer container,
            ModuleRef ref,
            long startedAt,
            boolean started,
            boolean ready) {
        this.pod = pod;
        this.container = container;
        this.ref = ref;
        this.startedAt = startedAt;
        container
                .probes()
                .forEach((kind, probe) -> {
                    boolean good =
                            switch (kind) {
                                case STARTUP -> started;
                                case READINESS -> ready;
                                case LIVENESS -> true;
                            };
                    tracks.put(kind, new ProbeTrack(kind, probe, good));
                });
    }

    Collection<ProbeTrack> tracks() {
        return tracks.values();
    }

    private boolean good(ProbeKind kind) {
        return !tracks.containsKey(kind) || tracks.get(kind).good();
    }

    boolean started() {
        return good(ProbeKind.STARTUP);
    }

    boolean ready() {
        return started() && good(ProbeKind.READINESS);
    }

    /** Which probe says that the module has to be installed again. */
    Optional<ProbeTrack> failed() {
        return tracks.values().stream().filter(ProbeTrack::failedForGood).findFirst();
    }

    /** How long its preStop hook may take once it has failed. */
    Optional<Duration> graceOfFailure() {
        return failed().map(track -> track.probe).map(Probe::grace);
    }

    /** Whether this probe runs now. */
    boolean runs(ProbeKind kind) {
        if (failed().isPresent()) {
            return kind == ProbeKind.READINESS && started();
        }
        boolean ending = pod.pod().terminating();
        return switch (kind) {
            case STARTUP -> !started() && !ending;
            case READINESS -> started();
            case LIVENESS -> started() && !ending;
        };
    }

    /** The probes that the success of the startup probe lets begin. */
    List<ProbeTrack> afterStart() {
        return Stream.of(ProbeKind.READINESS, ProbeKind.LIVENESS)
                .map(tracks::get)
                .filter(track -> track != null)
                .toList();
    }
}
