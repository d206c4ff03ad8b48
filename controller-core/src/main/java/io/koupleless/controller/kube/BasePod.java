package io.koupleless.controller.kube;

import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.pod.PodRef;
import java.time.Instant;

/**
 * A Pod that may run a base, as far as we care.
 *
 * @param node that it is bound to, or the empty text
 */
record BasePod(PodRef ref, Instant createdAt, String node, State state) {

    BasePod(PodRef ref, Instant createdAt, State state) {
        this(ref, createdAt, "", state);
    }

    /** The same, once it is known where its node is. */
    BasePod at(NodePlaces.Known place) {
        return switch (state) {
            case Serving(FoundBase base) ->
                    new BasePod(ref, createdAt, node, new Serving(place.of(base)));
            case Leaving(FoundBase base) ->
                    new BasePod(ref, createdAt, node, new Leaving(place.of(base)));
            case Ended(), Nowhere(), OfModules(), Unclear(_) -> this;
        };
    }

    /** What the Pod means for whoever looks for bases. */
    sealed interface State {}

    /** It runs, ready or not: whether a base answers there is for others to find out. */
    record Serving(FoundBase base) implements State {}

    /** It terminates: its base still has an address, and no future. */
    record Leaving(FoundBase base) implements State {}

    /** Its containers have ended for ever. */
    record Ended() implements State {}

    /** No address yet, or not any more. */
    record Nowhere() implements State {}

    /** It runs modules, on a virtual Node. */
    record OfModules() implements State {}

    /**
     * Selected, but it does not tell enough.
     *
     * @param reason to be logged
     */
    record Unclear(String reason) implements State {}
}
