package io.koupleless.controller.pod;

import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * What a Pod's spec says beside its modules.
 *
 * @param owner who controls the Pod; empty for a bare one
 * @param activeDeadline how long after its {@code startTime} the Pod is over
 * @param ignored each thing that the spec asks for and does not get, in words for people
 */
public record PodTerms(
        Optional<PodOwner> owner, Optional<Duration> activeDeadline, List<String> ignored) {

    public static final PodTerms NONE = new PodTerms(Optional.empty(), Optional.empty(), List.of());

    public PodTerms {
        ignored = List.copyOf(ignored);
    }
}
