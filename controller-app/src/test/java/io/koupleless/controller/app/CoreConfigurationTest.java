package io.koupleless.controller.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.Tunnel;
import io.koupleless.controller.tunnel.TunnelListener;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

class CoreConfigurationTest {
    private static final Tunnel HTTP = new Named("http_tunnel_provider");
    private static final Tunnel MQTT = new Named("mqtt_tunnel_provider");

    @Test
    void thePreferredTunnelIsTheFirst() {
        List<Tunnel> tunnels = List.of(HTTP, MQTT);

        assertThat(CoreConfiguration.preferredFirst(tunnels, "mqtt")).containsExactly(MQTT, HTTP);
        assertThat(CoreConfiguration.preferredFirst(tunnels, "http")).containsExactly(HTTP, MQTT);
    }

    @Test
    void aTunnelThatIsNotThereIsNotMissed() {
        assertThat(CoreConfiguration.preferredFirst(List.of(HTTP), "mqtt")).containsExactly(HTTP);
    }

    private record Named(String name) implements Tunnel {
        @Override
        public void start(TunnelListener listener) {}

        @Override
        public CompletionStage<Void> send(Message message) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public void close() {}
    }
}
