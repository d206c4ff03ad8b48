package io.koupleless.controller.testkit.controlplane;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.util.ClientBuilder;
import io.kubernetes.client.util.KubeConfig;
import io.kubernetes.client.util.credentials.AccessTokenAuthentication;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.Objects;
import java.util.Optional;

/**
 * A server and how to trust it, read from or written to a kubeconfig file.
 *
 * @param url of the API server
 * @param caPem what its certificate is checked against
 * @param token of the user, if the user has one
 */
record Kubeconfig(String url, String caPem, Optional<String> token) {
    private static final Duration READ_TIMEOUT = Duration.ofSeconds(45);

    static Kubeconfig read(Path file) {
        try {
            KubeConfig config = load(file);
            byte[] ca =
                    config.getDataOrFileRelative(
                            config.getCertificateAuthorityData(),
                            config.getCertificateAuthorityFile());
            Object token = config.getCredentials().get(KubeConfig.CRED_TOKEN_KEY);
            return new Kubeconfig(
                    Objects.requireNonNull(config.getServer(), "no server in " + file),
                    ca == null ? "" : new String(ca, StandardCharsets.US_ASCII),
                    Optional.ofNullable(token).map(Object::toString));
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** A client with whatever credentials the file has. */
    static ApiClient client(Path file) {
        try {
            return ClientBuilder.kubeconfig(load(file)).setReadTimeout(READ_TIMEOUT).build();
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    /** A client of somebody else on the same server. */
    ApiClient client(String otherToken) {
        return new ClientBuilder()
                .setBasePath(url)
                .setVerifyingSsl(true)
                .setCertificateAuthority(caPem.getBytes(StandardCharsets.US_ASCII))
                .setAuthentication(new AccessTokenAuthentication(otherToken))
                .setReadTimeout(READ_TIMEOUT)
                .build();
    }

    /** Writes a file for somebody else on the same server, readable by its owner alone. */
    void write(Path file, String otherToken, String namespace) {
        String text =
                """
                apiVersion: v1
                kind: Config
                clusters:
                - name: module-controller
                  cluster:
                    server: %s
                    certificate-authority-data: %s
                users:
                - name: module-controller
                  user:
                    token: %s
                contexts:
                - name: module-controller
                  context:
                    cluster: module-controller
                    user: module-controller
                    namespace: %s
                current-context: module-controller
                """
                        .formatted(
                                url,
                                Base64.getEncoder()
                                        .encodeToString(caPem.getBytes(StandardCharsets.US_ASCII)),
                                otherToken,
                                namespace);
        try {
            PrivateFiles.write(file, text);
        } catch (IOException e) {
            throw new ControlPlaneException("cannot write " + file + ": " + e.getMessage(), e);
        }
    }

    private static KubeConfig load(Path file) throws IOException {
        try (Reader reader = Files.newBufferedReader(file)) {
            KubeConfig config = KubeConfig.loadKubeConfig(reader);
            config.setFile(file.toFile());
            return config;
        }
    }

    private static ControlPlaneException unreadable(Path file, IOException e) {
        return new ControlPlaneException(
                "kubeconfig %s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
}
