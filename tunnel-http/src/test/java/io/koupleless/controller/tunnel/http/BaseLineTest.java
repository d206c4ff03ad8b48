package io.koupleless.controller.tunnel.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.koupleless.controller.tunnel.TunnelException;
import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BaseLineTest {
    private final BaseLine line = new BaseLine(Client.defaults(), System::nanoTime);

    @Test
    void changesLeaveRoomForQuestions() throws Exception {
        line.take(true, soon());
        line.take(true, soon());
        assertThatThrownBy(() -> line.take(true, soon()))
                .isInstanceOf(TunnelException.Unavailable.class);
        assertThat(line.take(false, soon())).isNotNull();
    }

    @Test
    void aTurnThatEndsIsAnothersTurn() throws Exception {
        line.take(true, soon());
        line.take(true, soon()).close();
        assertThat(line.take(true, soon())).isNotNull();
    }

    @Test
    void aBaseWithOneProcessorGetsOneChangeAtATime() throws Exception {
        line.processors(1);
        line.take(true, soon());
        assertThatThrownBy(() -> line.take(true, soon()))
                .isInstanceOf(TunnelException.Unavailable.class);
        line.processors(2);
        assertThat(line.take(true, soon())).isNotNull();
    }

    @Test
    void connectionsAreBounded() throws Exception {
        for (int i = 0; i < 8; i++) {
            line.take(false, soon());
        }
        assertThatThrownBy(() -> line.take(false, soon()))
                .isInstanceOf(TunnelException.Unavailable.class);
    }

    private static long soon() {
        return System.nanoTime() + Duration.ofMillis(20).toNanos();
    }
}
