package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.reflect.TypeToken;
import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.openapi.models.V1Pod;
import io.kubernetes.client.util.Watch;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.reflect.Type;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class KubeClientsTest {
    private static final Type LINES = new TypeToken<Watch.Response<V1Pod>>() {}.getType();
    private static final KubeClientSettings SHORT =
            new KubeClientSettings(
                    1, Duration.ofSeconds(10), Duration.ofMillis(200), Duration.ZERO, "test");

    /** As behind a balancer whose API server is gone: the connection stands, nobody speaks. */
    @Test
    @Timeout(30)
    void aWatchThatNobodyAnswersEndsInTime() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                KubeClients clients = clients("http://127.0.0.1:" + silent.getLocalPort())) {
            assertThatThrownBy(() -> clients.watch(ApiPath.PODS, LINES))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("has not answered in time");
        }
    }

    /** Its handshake would wait for ever too. */
    @Test
    @Timeout(30)
    void neitherDoesItsHandshakeWaitForEver() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
                KubeClients clients = clients("https://127.0.0.1:" + silent.getLocalPort())) {
            assertThatThrownBy(() -> clients.watch(ApiPath.PODS, LINES))
                    .isInstanceOf(ApiException.class)
                    .hasMessageContaining("has not answered in time");
        }
    }

    private static KubeClients clients(String url) {
        return KubeClients.of(new ApiClient().setBasePath(url), SHORT, new SimpleMeterRegistry());
    }
}
