package io.koupleless.controller.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.Config;
import io.kubernetes.client.util.KubeConfig;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Where the API server is and who we are to it. */
final class KubeConfiguration {
    private static final String SETTING = "module-controller.kubernetes.kubeconfig";
    private static final String HINT =
            "set KUBECONFIG, or " + SETTING + ", to the kubeconfig of a running cluster";

    /** Tokens of credential plugins live for 10 min and more. */
    private static final Duration TOKEN_REFRESH = Duration.ofMinutes(5);

    private KubeConfiguration() {}

    static ApiClient load(Optional<Path> kubeconfig) {
        try {
            return kubeconfig.isPresent() ? of(kubeconfig.get()) : standard();
        } catch (IOException | RuntimeException e) {
            if (e instanceof KubernetesUnavailableException known) {
                throw known;
            }
            String source = kubeconfig.map(Path::toString).orElse("the kubeconfig");
            throw new KubernetesUnavailableException(
                    "Cannot read %s (%s): %s".formatted(source, e, HINT), e);
        }
    }

    private static ApiClient of(Path kubeconfig) throws IOException {
        if (!Files.isReadable(kubeconfig)) {
            throw new KubernetesUnavailableException(
                    "%s names %s, which cannot be read".formatted(SETTING, kubeconfig));
        }
        try (Reader reader = Files.newBufferedReader(kubeconfig)) {
            KubeConfig parsed = KubeConfig.loadKubeConfig(reader);
            parsed.setFile(kubeconfig.toFile());
            return ClientBuilder.kubeconfig(parsed, TOKEN_REFRESH).build();
        }
    }

    private static ApiClient standard() throws IOException {
        ClientBuilder builder = ClientBuilder.standard();
        boolean fallback =
                builder.getAuthentication() == null
                        && Config.DEFAULT_FALLBACK_HOST.equals(builder.getBasePath());
        if (fallback) {
            throw new KubernetesUnavailableException("No Kubernetes configuration: " + HINT);
        }
        return builder.build();
    }

    static KubernetesUnavailableException noAnswer(ApiClient config, String cause) {
        URI address = URI.create(config.getBasePath());
        String port = address.getPort() < 0 ? "" : ":" + address.getPort();
        return new KubernetesUnavailableException(
                "The API server at %s%s does not answer as one should (%s): %s"
                        .formatted(address.getHost(), port, cause, HINT));
    }
}
