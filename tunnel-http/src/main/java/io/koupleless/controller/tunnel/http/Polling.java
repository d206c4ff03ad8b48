package io.koupleless.controller.tunnel.http;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks each base that was looked for, at its own pace: at once and then quickly until it answers,
 * once a period as long as nobody else asks it, and ever more slowly while it is away.
 */
final class Polling {
    private static final double GROWTH = 1.5;

    /** At random beyond a period: bases that came together do not stay together. */
    private static final double JITTER = 0.2;

    private final HttpSettings.Discovery settings;
    private final BaseDirectory directory;
    private final Conversations conversations;
    private final Executor executor;
    private final ScheduledExecutorService timer;
    private final Pause retry;
    private final Map<KnownBase, Poll> polls = new ConcurrentHashMap<>();

    Polling(
            HttpSettings.Discovery settings,
            BaseDirectory directory,
            Conversations conversations,
            Executor executor,
            ScheduledExecutorService timer) {
        this.settings = settings;
        this.directory = directory;
        this.conversations = conversations;
        this.executor = executor;
        this.timer = timer;
        this.retry = new Pause(settings.firstRetry(), GROWTH, settings.slowestRetry());
    }

    /** Asks at once, and from then on as long as the directory says so. */
    void ask(KnownBase base) {
        polls.compute(
                base,
                (_, poll) -> {
                    Poll asked = poll == null ? new Poll(base) : poll;
                    asked.soon();
                    return asked;
                });
    }

    private final class Poll {
        private final KnownBase base;
        private int failures;
        private boolean asking;
        private boolean again;
        private @Nullable Future<?> next;

        Poll(KnownBase base) {
            this.base = base;
        }

        synchronized void soon() {
            if (asking) {
                again = true;
                return;
            }
            if (next != null) {
                next.cancel(false);
            }
            asking = true;
            failures = 0;
            submit();
        }

        private synchronized void submit() {
            try {
                executor.execute(this::run);
            } catch (RejectedExecutionException e) {
                asking = false; // closed
            }
        }

        private void run() {
            boolean there =
                    directory.isAsked(base) && conversations.probe(base, settings.answerTimeout());
            polls.compute(base, (_, poll) -> poll == this && !goesOn(there) ? null : poll);
        }

        /** False when nobody wants to know any longer. */
        private synchronized boolean goesOn(boolean there) {
            asking = false;
            if (!directory.isAsked(base)) {
                return false;
            }
            failures = there ? 0 : failures + 1;
            if (again) {
                again = false;
                soon();
            } else {
                schedule(there ? period() : retryPause());
            }
            return true;
        }

        /** Others may have asked meanwhile, or a heartbeat may have come. */
        private synchronized void due() {
            long periodNanos = settings.period().toNanos();
            Optional<Duration> silence = directory.silence(base);
            if (failures == 0 && silence.isPresent() && silence.get().toNanos() < periodNanos) {
                schedule(period() - silence.get().toNanos());
            } else if (!asking) {
                asking = true;
                submit();
            }
        }

        private void schedule(long nanos) {
            try {
                next = timer.schedule(this::due, nanos, TimeUnit.NANOSECONDS);
            } catch (RejectedExecutionException e) {
                next = null; // closed
            }
        }

        private long period() {
            double random = ThreadLocalRandom.current().nextDouble();
            return (long) ((double) settings.period().toNanos() * (1 + JITTER * random));
        }

        private long retryPause() {
            return retry.nanos(failures, ThreadLocalRandom.current().nextDouble());
        }
    }
}
