package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.work.Ticker;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which base is at which address. The name of a base is what it calls itself, else its IP, else
 * {@code <ip>-<port>} when another base has the plain IP; it stays as long as its process does,
 * whatever the base calls itself later. Nothing here waits for anything.
 */
final class BaseDirectory {
    /** By how much two computations of one process's start may differ. */
    private static final long TOLERANCE_NANOS = Duration.ofSeconds(3).toNanos();

    private static final int MAX_NAMES = 8;

    private final HttpSettings settings;
    private final Ticker ticker;
    private final long aliveNanos;
    private final Map<Place, KnownBase> byAddress = new HashMap<>();
    private final Map<BaseId, KnownBase> byId = new HashMap<>();

    BaseDirectory(HttpSettings settings, Ticker ticker) {
        this.settings = settings;
        this.ticker = ticker;
        this.aliveNanos = 3 * settings.discovery().period().toNanos();
    }

    /**
     * A source names an address.
     *
     * @return the base that is to be asked now; empty when this is no news or there is no room
     */
    synchronized Optional<KnownBase> found(String source, FoundBase described) {
        KnownBase base = entry(described.address());
        if (base == null) {
            return Optional.empty();
        }
        boolean first = base.sources.isEmpty();
        base.sources.add(source);
        boolean news = !described.equals(base.described.put(source, described)) || first;
        base.leaving &= !news;
        return news ? Optional.of(base) : Optional.empty();
    }

    /** An earlier process of ours knew a base at this address. Empty when there is no room. */
    synchronized Optional<KnownBase> remember(BaseAddress address, Base remembered) {
        KnownBase base = entry(address);
        if (base == null) {
            return Optional.empty();
        }
        base.remembered = remembered;
        if (base.id == null && !byId.containsKey(remembered.id())) {
            bind(
                    base,
                    remembered.id(),
                    AddressName.of(base).covers(remembered.id()) ? "" : remembered.id().value());
            base.confirmed = false;
        }
        return Optional.of(base);
    }

    /** The base that is known by that name. */
    synchronized Optional<KnownBase> of(BaseId id) {
        return Optional.ofNullable(byId.get(id));
    }

    /** Its process is ending: it is not asked any more. */
    synchronized Optional<BaseId> leaving(BaseAddress address) {
        KnownBase base = byAddress.get(Place.of(address));
        if (base == null) {
            return Optional.empty();
        }
        base.leaving = true;
        return Optional.ofNullable(base.id);
    }

    /** The source names it no longer; a base that was never heard is forgotten. */
    synchronized void lost(String source, BaseAddress address) {
        KnownBase base = byAddress.get(Place.of(address));
        if (base != null) {
            base.sources.remove(source);
            if (base.sources.isEmpty() && base.id == null) {
                forget(base);
            }
        }
    }

    /**
     * It is no more: the address may be another base's at once, and is asked for one if another
     * source names it still.
     */
    synchronized Leaver gone(String source, BaseAddress address) {
        KnownBase base = byAddress.get(Place.of(address));
        if (base == null) {
            return new Leaver(Optional.empty(), Optional.empty());
        }
        forget(base);
        base.sources.remove(source);
        return new Leaver(Optional.ofNullable(base.id), successor(base));
    }

    private Optional<KnownBase> successor(KnownBase gone) {
        if (gone.sources.isEmpty()) {
            return Optional.empty();
        }
        KnownBase next = entry(gone.address());
        if (next != null) {
            next.sources.addAll(gone.sources);
            next.described.putAll(gone.described);
            next.described.keySet().retainAll(next.sources);
        }
        return Optional.ofNullable(next);
    }

    /** A heartbeat whose address is its base's. */
    synchronized Sighting beat(Base said) {
        KnownBase base = entry(new BaseAddress(said.ip(), said.port()));
        if (base == null) {
            return new Sighting.Full();
        }
        String name = said.id().value();
        if (base.id == null || (!base.spoken.contains(name) && !base.confirmed)) {
            bind(base, name(name, base), name);
        } else if (!base.spoken.contains(name)) {
            base.pending = said;
            return new Sighting.Doubtful(base);
        }
        return new Sighting.Seen(seen(base, said));
    }

    /**
     * An answer has come from that address.
     *
     * @param said whom the base says it is, or the empty text
     * @param uptime of its process, if the answer tells
     */
    synchronized Verdict answered(KnownBase base, String said, Optional<Duration> uptime) {
        if (byAddress.get(Place.of(base.address())) != base) {
            return new Verdict(Optional.empty(), Optional.empty());
        }
        uptime.ifPresent(up -> watchProcess(base, ticker.nanos() - up.toNanos()));
        Optional<Base> beat = settle(base);
        if (!mayBe(base, said)) {
            return new Verdict(Optional.empty(), beat);
        }
        if (base.id == null || (!said.isEmpty() && !base.spoken.contains(said))) {
            if (base.id == null || !base.confirmed) {
                bind(base, name(said, base), said);
            }
            speaksAs(base, said);
        }
        base.confirmed |=
                !said.isEmpty() || (base.id != null && AddressName.of(base).covers(base.id));
        base.heardNanos = ticker.nanos();
        return new Verdict(Optional.ofNullable(base.id), beat);
    }

    /** What a base that was asked is to be shown as; empty while nobody knows who it is. */
    synchronized Optional<Base> sighting(KnownBase base) {
        BaseId id = base.id;
        return id == null ? Optional.empty() : Optional.of(Description.of(base, id, base.beat));
    }

    /** True while somebody should ask the base whether nobody else does. */
    synchronized boolean isAsked(KnownBase base) {
        return byAddress.get(Place.of(base.address())) == base
                && ((!base.sources.isEmpty() && !base.leaving)
                        || base.remembered != null
                        || base.pending != null);
    }

    /** How long ago it gave a sign of life; empty if never. */
    synchronized Optional<Duration> silence(KnownBase base) {
        Long heard = base.heardNanos;
        return heard == null
                ? Optional.empty()
                : Optional.of(Duration.ofNanos(ticker.nanos() - heard));
    }

    /** Forgets what no source names and nobody has heard of for long. */
    synchronized void sweep() {
        long now = ticker.nanos();
        long patience = settings.discovery().forgetAfter().toNanos();
        List<KnownBase> old = new ArrayList<>();
        for (KnownBase base : byAddress.values()) {
            Long heard = base.heardNanos;
            if (base.sources.isEmpty()
                    && now - (heard == null ? base.createdNanos : heard) >= patience) {
                old.add(base);
            }
        }
        old.forEach(this::forget);
    }

    synchronized int size() {
        return byAddress.size();
    }

    private @Nullable KnownBase entry(BaseAddress address) {
        KnownBase known = byAddress.get(Place.of(address));
        if (known != null) {
            return known;
        }
        if (byAddress.size() >= settings.discovery().maxBases()) {
            return null;
        }
        KnownBase added =
                new KnownBase(address, new BaseLine(settings.client(), ticker), ticker.nanos());
        byAddress.put(Place.of(address), added);
        return added;
    }

    /** A process that began after all that was heard is another one; who it is it has to say. */
    private void watchProcess(KnownBase base, long startedNanos) {
        Long known = base.startedNanos;
        Long heard = base.heardNanos;
        boolean restarted =
                (known != null && startedNanos - known > TOLERANCE_NANOS)
                        || (heard != null && startedNanos - heard > TOLERANCE_NANOS);
        if (restarted) {
            base.confirmed = false;
            base.spoken.clear();
            base.hostName = "";
        }
        if (known == null || restarted) {
            base.startedNanos = startedNanos;
        }
    }

    /** The same process under another name is an alias; another process is another base. */
    private Optional<Base> settle(KnownBase base) {
        Base said = base.pending;
        if (said == null) {
            return Optional.empty();
        }
        base.pending = null;
        String name = said.id().value();
        if (!base.confirmed && !base.spoken.contains(name)) {
            bind(base, name(name, base), name);
        }
        speaksAs(base, name);
        return Optional.of(seen(base, said));
    }

    /** False when the answer comes from somebody who is not expected there. */
    private static boolean mayBe(KnownBase base, String said) {
        BaseId id = base.id;
        return id == null
                || said.isEmpty()
                || base.spoken.contains(said)
                || id.value().equals(said)
                || (base.spoken.isEmpty() && AddressName.of(base).covers(id))
                || (!base.confirmed && !base.sources.isEmpty());
    }

    private void bind(KnownBase base, BaseId id, String said) {
        KnownBase other = byId.get(id);
        if (other != null && other != base) {
            unbind(other);
            if (other.sources.isEmpty()) {
                forget(other);
            }
        }
        unbind(base);
        base.id = id;
        base.confirmed = true;
        speaksAs(base, said);
        byId.put(id, base);
    }

    private void unbind(KnownBase base) {
        if (base.id != null) {
            byId.remove(base.id, base);
        }
        base.id = null;
        base.spoken.clear();
        base.beat = null;
        base.pending = null;
        base.hostName = "";
    }

    private static void speaksAs(KnownBase base, String said) {
        if (!said.isEmpty() && base.spoken.size() < MAX_NAMES) {
            base.spoken.add(said);
        }
    }

    private Base seen(KnownBase base, Base said) {
        Base earlier = base.beat;
        base.beat = earlier == null ? said : Description.filled(said, earlier);
        base.heardNanos = ticker.nanos();
        base.confirmed = true;
        return Description.of(base, base.id == null ? said.id() : base.id, base.beat);
    }

    private BaseId name(String said, KnownBase base) {
        AddressName address = AddressName.of(base);
        if (!address.isSaidBy(said)) {
            return new BaseId(said);
        }
        if (base.id != null && address.covers(base.id)) {
            return base.id;
        }
        KnownBase other = byId.get(new BaseId(address.plain()));
        boolean taken =
                other != null
                        && other != base
                        && other.address().ip().equals(base.address().ip())
                        && other.heardNanos != null
                        && ticker.nanos() - other.heardNanos < aliveNanos;
        return new BaseId(taken ? address.withPort() : address.plain());
    }

    private void forget(KnownBase base) {
        byAddress.remove(Place.of(base.address()), base);
        if (base.id != null) {
            byId.remove(base.id, base);
        }
    }

    /** An address by its value: an IPv6 address has many spellings. */
    private record Place(InetAddress ip, int port) {
        static Place of(BaseAddress address) {
            return new Place(InetAddress.ofLiteral(address.ip()), address.port());
        }
    }

    /** What a heartbeat means. */
    sealed interface Sighting {
        record Seen(Base base) implements Sighting {}

        /** Another name than before: the base has to be asked whether its process is the same. */
        record Doubtful(KnownBase base) implements Sighting {}

        record Full() implements Sighting {}
    }

    /**
     * A base that is no more.
     *
     * @param base its name, if it had one
     * @param next that address, if somebody else is still expected there
     */
    record Leaver(Optional<BaseId> base, Optional<KnownBase> next) {}

    /**
     * What an answer means.
     *
     * @param from who gave it; empty when it is not the base that is expected there
     * @param seen a heartbeat that had to wait for this answer
     */
    record Verdict(Optional<BaseId> from, Optional<Base> seen) {}
}
