package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.work.Ticker;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.coyote.http11.Http11NioProtocol;
import org.apache.tomcat.util.net.NioChannel;
import org.apache.tomcat.util.net.SocketWrapperBase;
import org.jspecify.annotations.Nullable;

/**
 * HTTP/1.1 whose connections end after a time, whatever goes on in them. Tomcat itself bounds the
 * time between two bytes of a head, so that one byte now and then would hold a connection for ever.
 */
final class BriefConnections extends Http11NioProtocol {
    private static final int LOOKS = 4;

    private final Duration longest;
    private final Ticker ticker;
    private final Map<SocketWrapperBase<NioChannel>, Long> firstSeen = new HashMap<>();
    private @Nullable Future<?> looking;

    /**
     * @param longest time that a connection may be open; a quarter of it may come on top
     */
    BriefConnections(Duration longest, Ticker ticker) {
        super(new GatheredAccepts());
        this.longest = longest;
        this.ticker = ticker;
    }

    @Override
    public void start() throws Exception {
        super.start();
        long nanos = longest.toNanos() / LOOKS;
        looking =
                getUtilityExecutor()
                        .scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
    }

    @Override
    public void stop() throws Exception {
        Future<?> scheduled = looking;
        if (scheduled != null) {
            scheduled.cancel(false);
        }
        super.stop();
    }

    /** Runs on one thread at a time. */
    private void look() {
        Set<SocketWrapperBase<NioChannel>> open = getEndpoint().getConnections();
        firstSeen.keySet().retainAll(open);
        long now = ticker.nanos();
        for (SocketWrapperBase<NioChannel> connection : open) {
            long since = firstSeen.computeIfAbsent(connection, _ -> now);
            if (now - since >= longest.toNanos()) {
                connection.close();
            }
        }
    }
}
