package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KubeConfigurationTest {
    private static final String SETTING = "module-controller.kubernetes.kubeconfig";

    private static void connect(Path kubeconfig) {
        KubeClients.connect(
                        Optional.of(kubeconfig),
                        KubeClientSettings.DEFAULTS,
                        new SimpleMeterRegistry())
                .close();
    }

    @Test
    void aFileThatIsNotThereIsNamedWithTheSetting(@TempDir Path directory) {
        assertThatThrownBy(() -> connect(directory.resolve("none")))
                .isInstanceOf(KubernetesUnavailableException.class)
                .hasMessageContainingAll(SETTING, "none");
    }

    @Test
    void aFileThatIsNoKubeconfigIsSaidToBeNone(@TempDir Path directory) throws IOException {
        Path file = Files.writeString(directory.resolve("config"), "nonsense");

        assertThatThrownBy(() -> connect(file))
                .isInstanceOf(KubernetesUnavailableException.class)
                .hasMessageContainingAll("KUBECONFIG", SETTING);
    }

    @Test
    void aServerThatDoesNotAnswerIsNamedWithTheSettings(@TempDir Path directory)
            throws IOException {
        Path file = kubeconfig(directory, 1);

        assertThatThrownBy(() -> connect(file))
                .isInstanceOf(KubernetesUnavailableException.class)
                .hasMessageContainingAll("127.0.0.1:1", "KUBECONFIG", SETTING)
                .hasMessageNotContainingAny("hunter2");
    }

    @Test
    void aServerThatAcceptsAndSaysNothingIsSaidToHaveGivenNoAnswer(@TempDir Path directory)
            throws IOException {
        KubeClientSettings hasty =
                new KubeClientSettings(
                        1,
                        Duration.ofMillis(50),
                        Duration.ofMillis(50),
                        Duration.ofSeconds(1),
                        "test");
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            Path file = kubeconfig(directory, silent.getLocalPort());

            assertThatThrownBy(() ->
                            KubeClients.connect(Optional.of(file), hasty, new SimpleMeterRegistry())
                                    .close())
                    .isInstanceOf(KubernetesUnavailableException.class)
                    .hasMessageContainingAll("no answer in time", "KUBECONFIG", SETTING)
                    .hasMessageNotContainingAny("Exception");
        }
    }

    private static Path kubeconfig(Path directory, int port) throws IOException {
        return Files.writeString(
                directory.resolve("config"),
                """
                apiVersion: v1
                kind: Config
                current-context: c
                contexts: [{name: c, context: {cluster: c, user: u}}]
                clusters: [{name: c, cluster: {server: "http://127.0.0.1:%d"}}]
                users: [{name: u, user: {token: hunter2}}]
                """
                        .formatted(port));
    }
}
