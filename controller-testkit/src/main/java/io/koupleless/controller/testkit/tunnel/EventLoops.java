package io.koupleless.controller.testkit.tunnel;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Arklet's netty loops: connections are dealt to them in turn, and whoever waits for a command's
 * end waits on the loop, so that the other connections of that loop hear nothing meanwhile.
 */
final class EventLoops {
    private final List<Semaphore> loops;
    private final CompletableFuture<Void> ended;
    private final AtomicInteger dealt = new AtomicInteger();

    /**
     * @param ended of the process that has them: then nobody waits any longer
     */
    EventLoops(int count, CompletableFuture<Void> ended) {
        this.loops = Stream.generate(() -> new Semaphore(1)).limit(count).toList();
        this.ended = ended;
        ended.thenRun(() -> loops.forEach(loop -> loop.release(Integer.MAX_VALUE / 2)));
    }

    Semaphore next() {
        return loops.get(Math.floorMod(dealt.getAndIncrement(), loops.size()));
    }

    CompletableFuture<Void> ended() {
        return ended;
    }
}
