package io.koupleless.controller.vnode;

import java.time.Duration;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The ways to one base, a tunnel each, and the one that commands take.
 *
 * <p>That is the first in the order of preference that works: its link is up, the base was heard on
 * it not long ago, and questions over it are answered. One that left a question unanswered is
 * avoided for a while, longer each time, so that a Node does not change its tunnel with every
 * heartbeat; but rather that one than one that brings nothing at all. As long as none works,
 * nothing changes.
 */
final class Channels {
    private static final Duration AVOID_FIRST = Duration.ofSeconds(30);
    private static final Duration AVOID_MOST = Duration.ofMinutes(10);

    private static final class Channel {
        private boolean linkUp;
        private boolean heard;
        private long lastHeard;
        private boolean avoided;
        private long avoidUntil;
        private Duration avoidNext = AVOID_FIRST;
    }

    private final Transports transports;
    private final Duration quietAfter;
    private final Map<String, Channel> channels = new LinkedHashMap<>();
    private String current;

    /**
     * @param quietAfter a base that was not heard on a channel for so long is not there any more
     */
    Channels(Transports transports, Duration quietAfter, String first, Moment now) {
        this.transports = transports;
        this.quietAfter = quietAfter;
        this.current = first;
        heard(first, now);
    }

    /** The tunnel that commands take. */
    String current() {
        return current;
    }

    /** How many commands may be under way over the current tunnel. */
    int commandsAtOnce(int processors) {
        return transports.commandsAtOnce(current, processors);
    }

    /** The link of the current tunnel is up. */
    boolean linkUp() {
        return of(current).linkUp;
    }

    void link(String tunnel, boolean up) {
        of(tunnel).linkUp = up;
    }

    /** Any sign of the base's life, on this tunnel. */
    void heard(String tunnel, Moment now) {
        Channel channel = of(tunnel);
        channel.heard = true;
        channel.lastHeard = now.nanos();
    }

    /** It answered what was asked over this tunnel. */
    void answered(String tunnel) {
        Channel channel = of(tunnel);
        channel.avoided = false;
        channel.avoidNext = AVOID_FIRST;
    }

    /**
     * What was asked over the current tunnel was not answered. It is left, if there is another one
     * that works.
     */
    void unanswered(Moment now) {
        boolean other =
                channels.entrySet().stream()
                        .anyMatch(e -> !e.getKey().equals(current) && works(e.getValue(), now));
        if (other) {
            Channel channel = of(current);
            channel.avoided = true;
            channel.avoidUntil = now.plus(channel.avoidNext);
            Duration doubled = channel.avoidNext.multipliedBy(2);
            channel.avoidNext = doubled.compareTo(AVOID_MOST) < 0 ? doubled : AVOID_MOST;
        }
    }

    /** Takes the best channel; true when it is another than before. */
    boolean choose(Moment now) {
        if (channels.size() == 1) {
            return false;
        }
        String best =
                best(channel -> works(channel, now))
                        .or(() -> Optional.of(current).filter(way -> brings(of(way), now)))
                        .or(() -> best(channel -> brings(channel, now)))
                        .orElse(current);
        boolean changed = !best.equals(current);
        current = best;
        return changed;
    }

    /** When another channel may become the best by time alone. */
    long nextLook(Moment now) {
        long next = Long.MAX_VALUE;
        if (channels.size() > 1) {
            for (Channel channel : channels.values()) {
                if (channel.avoided && !now.reached(channel.avoidUntil)) {
                    next = Math.min(next, channel.avoidUntil);
                }
                long quiet = channel.lastHeard + quietAfter.toNanos();
                if (channel.heard && !now.reached(quiet)) {
                    next = Math.min(next, quiet);
                }
            }
        }
        return next;
    }

    private Optional<String> best(Predicate<Channel> such) {
        return channels.entrySet().stream()
                .filter(e -> such.test(e.getValue()))
                .map(Map.Entry::getKey)
                .min(Comparator.comparingInt(this::rank));
    }

    private boolean works(Channel channel, Moment now) {
        boolean avoided = channel.avoided && !now.reached(channel.avoidUntil);
        return brings(channel, now) && !avoided;
    }

    /** The base was heard on it not long ago, whether it answers or not. */
    private boolean brings(Channel channel, Moment now) {
        boolean quiet = now.reached(channel.lastHeard + quietAfter.toNanos());
        return channel.linkUp && channel.heard && !quiet;
    }

    private int rank(String tunnel) {
        int place = transports.preference().indexOf(tunnel);
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    private Channel of(String tunnel) {
        return channels.computeIfAbsent(tunnel, name -> new Channel());
    }
}
