package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.base.BaseTraits;
import io.koupleless.controller.discovery.FoundBase;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a base is shown as: what it says itself comes first, then what its source says, then what
 * its Node said. The host name is the first that was said for its process, so that sightings of two
 * kinds do not look like two machines.
 */
final class Description {
    private Description() {}

    static Base of(KnownBase base, BaseId id, @Nullable Base beat) {
        List<Base> tellers = tellers(base, id, beat);
        if (base.hostName.isEmpty()) {
            base.hostName = first(tellers, Base::hostName);
        }
        return new Base(
                id,
                first(tellers, Base::name),
                first(tellers, Base::version),
                first(tellers, Base::clusterName),
                base.address().ip(),
                base.hostName,
                base.address().port(),
                beat == null || beat.active(),
                traits(tellers));
    }

    /** Who has said something of it, the most believed first. */
    private static List<Base> tellers(KnownBase base, BaseId id, @Nullable Base beat) {
        List<Base> tellers = new ArrayList<>(2);
        if (beat != null) {
            tellers.add(beat);
        }
        for (FoundBase found : base.described.values()) {
            tellers.add(asBase(id, found));
        }
        if (base.remembered != null) {
            tellers.add(base.remembered);
        }
        return tellers;
    }

    /** What a heartbeat leaves out the one before has said. */
    static Base filled(Base said, Base earlier) {
        List<Base> tellers = List.of(said, earlier);
        return new Base(
                said.id(),
                first(tellers, Base::name),
                first(tellers, Base::version),
                first(tellers, Base::clusterName),
                said.ip(),
                first(tellers, Base::hostName),
                said.port(),
                said.active(),
                said.traits());
    }

    private static Base asBase(BaseId id, FoundBase found) {
        return new Base(
                id,
                found.name(),
                found.version(),
                found.clusterName(),
                found.address().ip(),
                found.hostName(),
                found.address().port(),
                true,
                found.traits());
    }

    private static BaseTraits traits(List<Base> tellers) {
        BaseTraits traits = BaseTraits.NONE;
        for (Base teller : tellers) {
            traits = traits.completedBy(teller.traits());
        }
        return traits;
    }

    private static String first(List<Base> tellers, Function<Base, String> text) {
        for (Base teller : tellers) {
            String said = text.apply(teller);
            if (!said.isEmpty()) {
                return said;
            }
        }
        return "";
    }
}
