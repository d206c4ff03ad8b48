package io.koupleless.controller.kube;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
        Path file =
                Files.writeString(
                        directory.resolve("config"),
                        """
                        apiVersion: v1
                        kind: Config
                        current-context: c
                        contexts: [{name: c, context: {cluster: c, user: u}}]
                        clusters: [{name: c, cluster: {server: "http://127.0.0.1:1"}}]
                        users: [{name: u, user: {token: hunter2}}]
                        """);

        assertThatThrownBy(() -> connect(file))
                .isInstanceOf(KubernetesUnavailableException.class)
                .hasMessageContainingAll("127.0.0.1:1", "KUBECONFIG", SETTING)
                .hasMessageNotContainingAny("hunter2");
    }
}
