package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.arklet.ArkletCodec;
import io.koupleless.controller.arklet.MalformedMessageException;
import io.koupleless.controller.base.Base;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.work.Ticker;
import java.net.InetAddress;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether a heartbeat counts, and what it means. */
final class HeartbeatDesk {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatDesk.class);

    private final ArkletCodec codec = new ArkletCodec();
    private final boolean requireToken;
    private final List<Network> networks;
    private final @Nullable TokenFile tokens;
    private final CallableAddresses callable;
    private final BaseDirectory directory;
    private final Consumer<KnownBase> ask;
    private final Consumer<TunnelEvent> tell;
    private final TunnelCounters counters;
    private final AtomicBoolean warned = new AtomicBoolean();

    /**
     * @param ask has a base asked that claims another name than before
     */
    HeartbeatDesk(
            HttpSettings.Trust trust,
            BaseDirectory directory,
            Consumer<KnownBase> ask,
            Consumer<TunnelEvent> tell,
            TunnelCounters counters,
            Ticker ticker) {
        this.requireToken = trust.requireToken();
        this.networks = trust.networks().stream().map(Network::of).toList();
        this.tokens = trust.tokenFile() == null ? null : new TokenFile(trust.tokenFile(), ticker);
        this.callable = new CallableAddresses(trust.allowLoopback());
        this.directory = directory;
        this.ask = ask;
        this.tell = tell;
        this.counters = counters;
    }

    Reply heartbeat(String sender, String token, byte[] body) {
        Standing standing = standing(token);
        if (standing == Standing.REFUSED) {
            return refused();
        }
        try {
            if (codec.decodeHttpHeartbeat(body) instanceof TunnelEvent.BaseSeen(Base said)) {
                return seen(said, sender, standing);
            }
        } catch (MalformedMessageException e) {
            return malformed(e);
        }
        throw new IllegalStateException("a heartbeat is a BaseSeen");
    }

    Reply baseline(String token, byte[] body) {
        if (standing(token) == Standing.REFUSED) {
            return refused();
        }
        try {
            tell.accept(codec.decodeHttpBaseline(body));
            return Reply.json("[]");
        } catch (MalformedMessageException e) {
            return malformed(e);
        }
    }

    /** Counts what was refused before it came here. */
    Reply drop(int status, String counted, String reason) {
        counters.dropped(HttpTunnel.NAME, counted);
        return Reply.refusal(status, reason);
    }

    private Reply seen(Base said, String sender, Standing standing) {
        String ip = said.ip().isEmpty() ? sender : said.ip();
        Optional<String> refusal =
                callable.refusal(ip)
                        .or(() ->
                                standing == Standing.TRUSTED
                                        ? Optional.empty()
                                        : strange(ip, sender));
        if (refusal.isPresent()) {
            return drop(403, "address", refusal.get());
        }
        if (standing == Standing.STRANGER && warned.compareAndSet(false, true)) {
            log.atWarn()
                    .log(
                            "Heartbeats are accepted without a token from the address they name; set"
                                    + " module-controller.http.token-file and require-token to close that");
        }
        Base base =
                new Base(
                        said.id(),
                        said.name(),
                        said.version(),
                        said.clusterName(),
                        ip,
                        said.hostName(),
                        said.port(),
                        said.active(),
                        said.traits());
        return base.port() == 0 ? withoutAddress(base) : withAddress(base);
    }

    /** It cannot be called at that port, but it lives. */
    private Reply withoutAddress(Base base) {
        tell.accept(new TunnelEvent.BaseSeen(base));
        return Reply.success();
    }

    private Reply withAddress(Base base) {
        return switch (directory.beat(base)) {
            case BaseDirectory.Sighting.Seen(Base seen) -> {
                directory.of(seen.id()).ifPresent(known -> known.line().circuit().worked());
                tell.accept(new TunnelEvent.BaseSeen(seen));
                yield Reply.success();
            }
            case BaseDirectory.Sighting.Doubtful(KnownBase known) -> {
                ask.accept(known);
                yield Reply.success();
            }
            case BaseDirectory.Sighting.Full() -> drop(503, "full", "too many bases are known");
        };
    }

    private Optional<String> strange(String ip, String sender) {
        if (ip.equals(sender)) {
            return Optional.empty();
        }
        InetAddress named = InetAddress.ofLiteral(ip);
        boolean own = named.equals(InetAddress.ofLiteral(sender));
        return own || networks.stream().anyMatch(network -> network.contains(named))
                ? Optional.empty()
                : Optional.of("without a token a base names its own address");
    }

    private Standing standing(String token) {
        TokenFile file = tokens;
        if (file == null) {
            return Standing.STRANGER;
        }
        if (token.isEmpty()) {
            return requireToken ? Standing.REFUSED : Standing.STRANGER;
        }
        return file.accepts(token) ? Standing.TRUSTED : Standing.REFUSED;
    }

    private Reply refused() {
        return drop(401, "token", "a valid token is needed");
    }

    private Reply malformed(MalformedMessageException e) {
        return drop(400, "malformed", String.valueOf(e.getMessage()));
    }

    private enum Standing {
        TRUSTED,
        STRANGER,
        REFUSED
    }

    /** An answer to a base. */
    record Reply(int status, String type, String body) {
        static Reply success() {
            return new Reply(200, "text/plain", "SUCCESS");
        }

        static Reply json(String body) {
            return new Reply(200, "application/json", body);
        }

        /**
         * @param reason one of our own, so nothing in it needs escaping
         */
        static Reply refusal(int status, String reason) {
            return new Reply(status, "application/json", "{\"reason\":\"" + reason + "\"}");
        }
    }
}
