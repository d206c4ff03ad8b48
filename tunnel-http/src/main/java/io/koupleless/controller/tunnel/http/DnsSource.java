package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.discovery.BaseAddress;
import io.koupleless.controller.discovery.BaseSource;
import io.koupleless.controller.discovery.BaseSourceListener;
import io.koupleless.controller.discovery.FoundBase;
import io.koupleless.controller.work.Ticker;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Bases behind names, such as a headless Service's: every address of a name is a base. The JDK does
 * not tell a name without addresses from a name server that is away, and answers from its memory
 * for 10 s once a look-up has failed. So addresses are lost only when their name was not found for
 * two periods, and for half a minute at least.
 *
 * <p>The one thread is not a virtual one: the JDK's look-up blocks in native code, and would hold a
 * carrier that everything else needs.
 */
public final class DnsSource implements BaseSource {
    private static final Logger log = LoggerFactory.getLogger(DnsSource.class);

    private static final Duration LEAST_PATIENCE = Duration.ofSeconds(30);

    private final List<HostPort> names;
    private final Duration period;
    private final Resolver resolver;
    private final Ticker ticker;
    private final long patienceNanos;
    private final ScheduledExecutorService thread =
            Executors.newSingleThreadScheduledExecutor(
                    Thread.ofPlatform().daemon().name("base-names").factory());
    private final Map<HostPort, Set<BaseAddress>> known = new HashMap<>();
    private final Map<HostPort, Long> failingSince = new HashMap<>();

    /**
     * @param names such as {@code bases.default.svc:1238}
     * @param period between two look-ups; the JDK caches answers for 30 s unless told otherwise
     *     ({@code networkaddress.cache.ttl})
     */
    public DnsSource(List<String> names, Duration period) {
        this(names, period, InetAddress::getAllByName, System::nanoTime);
    }

    DnsSource(List<String> names, Duration period, Resolver resolver, Ticker ticker) {
        this.names = names.stream().map(HostPort::of).toList();
        this.period = period;
        this.resolver = resolver;
        this.ticker = ticker;
        this.patienceNanos = Math.max(2 * period.toNanos(), LEAST_PATIENCE.toNanos());
        if (period.isNegative() || period.isZero()) {
            throw new IllegalArgumentException("the period must be longer than 0: " + period);
        }
    }

    @Override
    public String name() {
        return "dns";
    }

    @Override
    public void start(BaseSourceListener listener) {
        Future<?> _ =
                thread.scheduleWithFixedDelay(
                        () -> names.forEach(name -> lookUp(name, listener)),
                        0,
                        period.toNanos(),
                        TimeUnit.NANOSECONDS);
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }

    private void lookUp(HostPort name, BaseSourceListener listener) {
        try {
            Set<BaseAddress> now = new HashSet<>();
            for (InetAddress ip : resolver.resolve(name.host())) {
                now.add(new BaseAddress(ip.getHostAddress(), name.port()));
            }
            if (failingSince.remove(name) != null) {
                log.atInfo().addKeyValue("name", name.host()).log("Bases' name is found again");
            }
            tell(name, now, listener);
        } catch (UnknownHostException e) {
            long now = ticker.nanos();
            Long since = failingSince.putIfAbsent(name, now);
            if (since == null) {
                log.atWarn().addKeyValue("name", name.host()).log("Bases' name is not found");
            } else if (now - since >= patienceNanos) {
                tell(name, Set.of(), listener);
            }
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("name", name.host()).log("A look-up failed");
        }
    }

    private void tell(HostPort name, Set<BaseAddress> now, BaseSourceListener listener) {
        Set<BaseAddress> before = known.getOrDefault(name, Set.of());
        known.put(name, now);
        now.stream()
                .filter(address -> !before.contains(address))
                .forEach(address -> listener.found(new FoundBase(address, "", "", "", "")));
        before.stream().filter(address -> !isKnown(address)).forEach(listener::lost);
    }

    private boolean isKnown(BaseAddress address) {
        return known.values().stream().anyMatch(addresses -> addresses.contains(address));
    }

    /** Looks names up; a test's does not ask the network. */
    @FunctionalInterface
    interface Resolver {
        InetAddress[] resolve(String host) throws UnknownHostException;
    }
}
