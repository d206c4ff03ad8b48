package io.koupleless.controller.work;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class MailboxTest {
    private final Queue<Runnable> workers = new ArrayDeque<>();
    private final List<List<Integer>> read = new ArrayList<>();
    private final Mailbox<Integer> mailbox = new Mailbox<>(workers::add, 3, read::add);

    @Test
    void whoPostsDoesNotRead() {
        mailbox.post(1);

        assertThat(read).isEmpty();
        assertThat(mailbox.depth()).isOne();
    }

    @Test
    void whatWaitsIsReadAtOnceByOneWorker() {
        mailbox.post(1);
        mailbox.post(2);
        mailbox.post(3);

        assertThat(workers).hasSize(1);
        workers.remove().run();
        assertThat(read).containsExactly(List.of(1, 2, 3));
        assertThat(mailbox.depth()).isZero();
    }

    @Test
    void whatIsPostedWhileTheReaderWorksIsReadNextByTheSameWorker() {
        List<Mailbox<Integer>> self = new ArrayList<>();
        Mailbox<Integer> busy =
                new Mailbox<>(
                        workers::add,
                        3,
                        batch -> {
                            read.add(batch);
                            if (batch.contains(1)) {
                                self.getFirst().post(2);
                                self.getFirst().post(3);
                            }
                        });
        self.add(busy);
        busy.post(1);

        workers.remove().run();

        assertThat(read).containsExactly(List.of(1), List.of(2, 3));
        assertThat(workers).isEmpty();
    }

    @Test
    void aMailboxThatWasReadEmptyFindsAWorkerAgain() {
        mailbox.post(1);
        workers.remove().run();
        mailbox.post(2);
        workers.remove().run();

        assertThat(read).containsExactly(List.of(1), List.of(2));
    }

    @Test
    void anOfferIsDroppedAtTheBoundAndAPostNever() {
        IntStream.range(0, 3).forEach(i -> assertThat(mailbox.offer(i)).isTrue());

        assertThat(mailbox.offer(3)).isFalse();
        mailbox.post(4);
        workers.remove().run();

        assertThat(read).containsExactly(List.of(0, 1, 2, 4));
        assertThat(mailbox.offer(5)).isTrue();
    }

    @Test
    void manyPostersNeverMeetTwoReadersAndNothingIsLost() throws InterruptedException {
        int posters = 8;
        int each = 500;
        AtomicInteger readers = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Integer> all = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch done = new CountDownLatch(posters * each);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Mailbox<Integer> shared =
                    new Mailbox<>(
                            threads,
                            3,
                            batch -> {
                                most.accumulateAndGet(readers.incrementAndGet(), Math::max);
                                Thread.yield();
                                all.addAll(batch);
                                readers.decrementAndGet();
                                batch.forEach(_ -> done.countDown());
                            });
            for (int poster = 0; poster < posters; poster++) {
                int first = poster * each;
                threads.execute(() -> IntStream.range(first, first + each).forEach(shared::post));
            }
            assertThat(done.await(5, TimeUnit.SECONDS)).isTrue();
        }

        assertThat(most).hasValue(1);
        assertThat(all).hasSize(posters * each).doesNotHaveDuplicates();
        for (int poster = 0; poster < posters; poster++) {
            int first = poster * each;
            assertThat(all.stream().filter(i -> i >= first && i < first + each)).isSorted();
        }
    }

    @Test
    void oneReaderThatHangsHoldsUpNoOtherMailbox() throws InterruptedException {
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch other = new CountDownLatch(1);
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            new Mailbox<Integer>(threads, 3, _ -> await(release)).post(1);
            new Mailbox<Integer>(threads, 3, _ -> other.countDown()).post(1);

            assertThat(other.await(5, TimeUnit.SECONDS)).isTrue();
            release.countDown();
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
