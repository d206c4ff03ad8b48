package io.koupleless.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.vnode.Outcome;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LinksTest {
    private static final Message MESSAGE =
            new Message(
                    new BaseId("base-1"),
                    new Command.QueryHealth(),
                    Duration.ofSeconds(5),
                    () -> true);

    private final ScriptedTunnel tunnel = new ScriptedTunnel("mqtt");
    private final Links links = new Links(List.of(tunnel));

    @Test
    void aLinkIsDownUntilItsTunnelSaysOtherwise() {
        assertThat(links.state()).isEqualTo(Map.of("mqtt", false));

        links.changed("mqtt", true);

        assertThat(links.up("mqtt")).isTrue();
        assertThat(links.up("another")).isFalse();
    }

    @Test
    void whatATunnelTakesIsDone() {
        assertThat(outcomeOfSending("mqtt")).isEqualTo(new Outcome.Done());
        assertThat(tunnel.sent()).containsExactly(MESSAGE);
    }

    @Test
    void aCommandForATunnelThatIsNotThereNeverLeft() {
        assertThat(outcomeOfSending("http")).isInstanceOf(Outcome.NotSent.class);
    }

    @ParameterizedTest
    @MethodSource("failures")
    void theKindOfAFailureSaysWhetherItLeft(Throwable failure, Outcome outcome) {
        tunnel.onSend(_ -> CompletableFuture.failedFuture(failure));
        assertThat(outcomeOfSending("mqtt")).isEqualTo(outcome);

        tunnel.onSend(_ -> CompletableFuture.failedFuture(new CompletionException(failure)));
        assertThat(outcomeOfSending("mqtt")).isEqualTo(outcome);
    }

    static Stream<Arguments> failures() {
        return Stream.of(
                arguments(
                        new TunnelException.Unavailable("down", null), new Outcome.NotSent("down")),
                arguments(new TunnelException.Fenced("fenced"), new Outcome.NotSent("fenced")),
                arguments(new TunnelException.Rejected("no", null), new Outcome.Refused("no")),
                arguments(new TunnelException.Uncertain("?", null), new Outcome.Failed("?")),
                arguments(new IllegalStateException("a bug"), new Outcome.Failed("a bug")));
    }

    private Outcome outcomeOfSending(String way) {
        return links.send(way, MESSAGE).toCompletableFuture().join();
    }
}
