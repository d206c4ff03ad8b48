package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.arklet.ArkletCodec;
import io.koupleless.controller.arklet.HttpAnswer;
import io.koupleless.controller.arklet.MalformedMessageException;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Fence;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.work.Ticker;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A command or a question to one base, and what its answer means; runs on virtual threads. */
final class Conversations {
    private static final Logger log = LoggerFactory.getLogger(Conversations.class);

    /** Stands for a base that has not said yet who it is. */
    private static final BaseId SOMEBODY = new BaseId("somebody");

    private final ArkletCodec codec = new ArkletCodec();
    private final ArkletClient client;
    private final BaseDirectory directory;
    private final Consumer<TunnelEvent> tell;
    private final TunnelCounters counters;
    private final Ticker ticker;

    Conversations(
            ArkletClient client,
            BaseDirectory directory,
            Consumer<TunnelEvent> tell,
            TunnelCounters counters,
            Ticker ticker) {
        this.client = client;
        this.directory = directory;
        this.tell = tell;
        this.counters = counters;
        this.ticker = ticker;
    }

    /**
     * Carries a command.
     *
     * @param taken completes when it has left, as {@link io.koupleless.controller.tunnel.Tunnel}
     *     promises
     */
    void command(KnownBase base, Message message, CompletableFuture<Void> taken) {
        Command command = message.command();
        long deadlineNanos = ticker.nanos() + message.timeToLive().toNanos();
        try (BaseLine.Turn turn =
                base.line().take(command instanceof Command.OnModule, deadlineNanos)) {
            ArkletClient.Conversation conversation =
                    dial(base, command, message.fence(), deadlineNanos);
            taken.complete(null);
            heard(base, message.base(), command, conversation);
        } catch (TunnelException e) {
            taken.completeExceptionally(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            taken.completeExceptionally(new TunnelException.Unavailable("closed", e));
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("address", base).log("A command failed here");
            taken.completeExceptionally(new TunnelException.Uncertain("failed here", e));
        }
    }

    /** Asks a base that nobody else asks; true if it is there, which has been told then. */
    boolean probe(KnownBase base, Duration timeout) {
        long deadlineNanos = ticker.nanos() + timeout.toNanos();
        Command question = new Command.QueryHealth();
        try (BaseLine.Turn turn = base.line().take(false, deadlineNanos)) {
            return recognised(base, dialAnyway(base, question, () -> true, deadlineNanos));
        } catch (TunnelException e) {
            log.atDebug()
                    .addKeyValue("address", base)
                    .addKeyValue("why", e.getMessage())
                    .log("Nobody answers");
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } catch (RuntimeException e) {
            log.atError().setCause(e).addKeyValue("address", base).log("A question failed here");
            return false;
        }
    }

    private ArkletClient.Conversation dial(
            KnownBase base, Command command, Fence fence, long deadlineNanos)
            throws TunnelException, InterruptedException {
        if (!base.line().circuit().admits()) {
            throw new TunnelException.Unavailable(
                    base + " did not answer lately; the next attempt is soon", null);
        }
        return dialAnyway(base, command, fence, deadlineNanos);
    }

    private ArkletClient.Conversation dialAnyway(
            KnownBase base, Command command, Fence fence, long deadlineNanos)
            throws TunnelException, InterruptedException {
        Circuit circuit = base.line().circuit();
        try {
            ArkletClient.Conversation conversation =
                    client.post(
                            base.address(),
                            codec.commandName(command),
                            codec.encode(command),
                            fence,
                            deadlineNanos);
            circuit.worked();
            return conversation;
        } catch (TunnelException.Unavailable e) {
            circuit.failed();
            throw e;
        } catch (TunnelException | InterruptedException | RuntimeException e) {
            circuit.undecided();
            throw e;
        }
    }

    private void heard(
            KnownBase base, BaseId asked, Command command, ArkletClient.Conversation conversation)
            throws InterruptedException {
        try {
            Optional<byte[]> body = conversation.await();
            if (body.isEmpty()) {
                return;
            }
            HttpAnswer answer = codec.readHttp(body.get());
            TunnelEvent.OfBase event = answer.decode(asked, command);
            BaseDirectory.Verdict verdict = answered(base, answer, event);
            verdict.seen().ifPresent(seen -> tell.accept(new TunnelEvent.BaseSeen(seen)));
            if (verdict.from().equals(Optional.of(asked))) {
                tell.accept(event);
            } else {
                drop(base, "identity");
            }
        } catch (UnusableAnswerException e) {
            drop(base, e.reason());
        } catch (MalformedMessageException e) {
            drop(base, "malformed");
        }
    }

    private boolean recognised(KnownBase base, ArkletClient.Conversation conversation)
            throws InterruptedException {
        try {
            Optional<byte[]> body = conversation.await();
            if (body.isEmpty()) {
                return false;
            }
            HttpAnswer answer = codec.readHttp(body.get());
            TunnelEvent.OfBase event = answer.decode(SOMEBODY, new Command.QueryHealth());
            if (!(event instanceof TunnelEvent.HealthReported)) {
                return false; // whoever cannot tell its health may be anything
            }
            BaseDirectory.Verdict verdict = answered(base, answer, event);
            if (verdict.from().isEmpty()) {
                drop(base, "identity");
            }
            verdict.seen()
                    .or(() -> verdict.from().flatMap(_ -> directory.sighting(base)))
                    .ifPresent(seen -> tell.accept(new TunnelEvent.BaseSeen(seen)));
            return verdict.from().isPresent();
        } catch (UnusableAnswerException e) {
            drop(base, e.reason());
        } catch (MalformedMessageException e) {
            drop(base, "malformed");
        }
        return false;
    }

    private BaseDirectory.Verdict answered(
            KnownBase base, HttpAnswer answer, TunnelEvent.OfBase event) {
        Optional<Duration> uptime = Optional.empty();
        if (event instanceof TunnelEvent.HealthReported(_, var health)) {
            uptime = health.uptime();
            health.cpuCount().ifPresent(base.line()::processors);
        }
        return directory.answered(base, answer.identity(), uptime);
    }

    private void drop(KnownBase base, String reason) {
        log.atDebug()
                .addKeyValue("address", base)
                .addKeyValue("reason", reason)
                .log("Dropped an answer");
        counters.dropped(HttpTunnel.NAME, reason);
    }
}
