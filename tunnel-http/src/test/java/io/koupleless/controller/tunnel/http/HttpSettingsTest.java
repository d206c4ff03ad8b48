package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import io.koupleless.controller.tunnel.http.HttpSettings.Receiver;
import io.koupleless.controller.tunnel.http.HttpSettings.Trust;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

class HttpSettingsTest {
    private static final Duration SECOND = Duration.ofSeconds(1);

    @Test
    void defaultsAreThePredecessors() {
        assertThat(HttpSettings.defaults().receiver().port()).isEqualTo(7_777);
        assertThat(HttpSettings.defaults().trust().requireToken()).isFalse();
    }

    @Test
    void aReceiverMayBeOff() {
        assertThat(Receiver.defaults().withPort(-1).listens()).isFalse();
        assertThat(Receiver.defaults().withPort(0).listens()).isTrue();
    }

    @Test
    void whatCannotWorkIsRefusedByItsName() {
        refused("port", () -> Receiver.defaults().withPort(65_536));
        refused("maxBodyBytes", () -> new Receiver("", 0, 10, SECOND, 1, 1));
        refused("patience", () -> new Receiver("", 0, 1_024, Duration.ZERO, 1, 1));
        refused("dialTimeout", () -> client(Duration.ofSeconds(5), 8, 2));
        refused("changesPerBase", () -> client(SECOND, 2, 2));
        refused("connectionsPerBase", () -> client(SECOND, 1, 1));
        refused("tokenFile", () -> new Trust(null, true, List.of(), false));
        refused("network", () -> new Trust(null, false, List.of("10.0.0.0/x"), false));
        refused("answerTimeout", () -> discovery(SECOND.plusSeconds(1), 10));
        refused("maxBases", () -> discovery(SECOND, 0));
    }

    private static Client client(Duration dialTimeout, int connections, int changes) {
        return new Client(
                dialTimeout, 6, connections, changes, 1, 1_024, 3, SECOND, SECOND.multipliedBy(2));
    }

    private static Discovery discovery(Duration answerTimeout, int maxBases) {
        return new Discovery(SECOND, answerTimeout, SECOND, SECOND, SECOND, maxBases);
    }

    private static void refused(String name, ThrowingCallable making) {
        assertThatThrownBy(making)
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(name);
    }
}
