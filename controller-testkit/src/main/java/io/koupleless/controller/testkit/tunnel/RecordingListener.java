package io.koupleless.controller.testkit.tunnel;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelEvent.LinkChanged;
import io.koupleless.controller.tunnel.TunnelEvent.OfBase;
import io.koupleless.controller.tunnel.TunnelListener;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import org.awaitility.Awaitility;

/** Keeps what a tunnel tells, in order. */
public final class RecordingListener implements TunnelListener {
    private static final Duration PATIENCE = Duration.ofSeconds(45);

    private final List<TunnelEvent> events = new CopyOnWriteArrayList<>();

    @Override
    public void onEvent(TunnelEvent event) {
        events.add(event);
    }

    public List<TunnelEvent> events() {
        return List.copyOf(events);
    }

    public void forget() {
        events.clear();
    }

    /** Every change of the link, in order. */
    public List<Boolean> link() {
        return events.stream()
                .filter(LinkChanged.class::isInstance)
                .map(event -> ((LinkChanged) event).up())
                .toList();
    }

    public <E extends OfBase> List<E> of(BaseId base, Class<E> type) {
        return events.stream()
                .filter(type::isInstance)
                .map(type::cast)
                .filter(event -> event.base().equals(base))
                .toList();
    }

    /** Waits for the first such event of that base. */
    public <E extends OfBase> E await(BaseId base, Class<E> type) {
        return await(base, type, 1).getFirst();
    }

    /** Waits until that many have come. */
    public <E extends OfBase> List<E> await(BaseId base, Class<E> type, int count) {
        return Awaitility.await(count + " " + type.getSimpleName() + " of " + base)
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> of(base, type), found -> found.size() >= count);
    }

    public void awaitLink(boolean up) {
        awaitLink(changes -> !changes.isEmpty() && changes.getLast() == up);
    }

    public void awaitLink(Predicate<List<Boolean>> changes) {
        Awaitility.await("link")
                .atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(this::link, changes);
    }
}
