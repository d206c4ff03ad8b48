package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.mqtt.BrokerClient.Outgoing;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class OutboxTest {
    private final ScheduledThreadPoolExecutor timer = new ScheduledThreadPoolExecutor(1);
    private final ScriptedClient client = new ScriptedClient(null);
    private final Outbox outbox = new Outbox(client, 2, timer);

    @AfterEach
    void stop() {
        timer.shutdownNow();
    }

    @Test
    void completesWhenTheBrokerAcknowledges() {
        CompletableFuture<Void> sent = send(true);
        assertThat(sent).isNotDone();
        client.published.getFirst().complete(null);
        assertThat(sent).isCompleted();
    }

    @Test
    void aFullWindowTakesNothingAndSlotsComeBack() {
        send(true);
        send(true);
        assertFailed(send(true), TunnelException.Unavailable.class);
        assertThat(client.published).hasSize(2);
        client.published.getFirst().complete(null);
        assertThat(send(true)).isNotDone();
        client.published
                .get(1)
                .completeExceptionally(new TunnelException.Rejected("not allowed", null));
        assertThat(send(true)).isNotDone();
    }

    @Test
    void aClosedFenceLetsNothingOutAndTakesNoSlot() {
        for (int i = 0; i < 5; i++) {
            assertFailed(send(false), TunnelException.Fenced.class);
        }
        assertThat(client.calls).isEmpty();
        assertThat(send(true)).isNotDone();
    }

    @Test
    void withoutAnAcknowledgementItIsUncertainInTime() {
        Outgoing message = new Outgoing("t", new byte[0], false, Duration.ofMillis(30));
        CompletableFuture<Void> sent = outbox.send(message, () -> true).toCompletableFuture();
        assertThat(sent)
                .failsWithin(Duration.ofSeconds(2))
                .withThrowableThat()
                .withCauseInstanceOf(TunnelException.Uncertain.class);
        client.published.getFirst().complete(null);
    }

    @Test
    void aLostConnectionLeavesThePendingUncertainAndTakesNothingMore() {
        CompletableFuture<Void> sent = send(true);
        outbox.close();
        assertFailed(sent, TunnelException.Uncertain.class);
        assertFailed(send(true), TunnelException.Unavailable.class);
        assertThat(client.published).hasSize(1);
    }

    @Test
    void timersDoNotOutliveTheirMessage() {
        timer.setRemoveOnCancelPolicy(true);
        send(true);
        client.published.getFirst().complete(null);
        assertThat(timer.getQueue()).isEmpty();
    }

    private CompletableFuture<Void> send(boolean fenceOpen) {
        Outgoing message = new Outgoing("t", new byte[0], false, Duration.ofMinutes(1));
        return outbox.send(message, () -> fenceOpen).toCompletableFuture();
    }

    private static void assertFailed(
            CompletableFuture<Void> sent, Class<? extends TunnelException> type) {
        assertThat(sent).isCompletedExceptionally();
        assertThat(sent.exceptionNow()).isInstanceOf(type);
    }
}
