package io.koupleless.controller.app.settings;

import io.koupleless.controller.kube.KubeClientSettings;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * The way to the API server.
 *
 * @param kubeconfig File with the API server's address and our credentials. Without it:
 *     ~/.kube/config, else the ServiceAccount of the Pod.
 * @param concurrency Requests under way at once. When many clients use the API server, who has few
 *     under way gets little of it.
 * @param readTimeout Of connecting and of one read; watches have none.
 * @param callTimeout Of a whole request with its waiting and repetitions; watches have none.
 * @param pingInterval Of the ping that notices a dead connection.
 * @param writeRetry Pause after a failed write, doubled each time up to backoff.most.
 * @param staleAfter A watch that heard nothing for so long makes the readiness probe fail.
 */
public record KubernetesProperties(
        @Nullable Path kubeconfig,
        @DefaultValue("128") int concurrency,
        @DefaultValue("10s") Duration readTimeout,
        @DefaultValue("15s") Duration callTimeout,
        @DefaultValue("15s") Duration pingInterval,
        @DefaultValue("1s") Duration writeRetry,
        @DefaultValue("3m") Duration staleAfter) {

    public KubeClientSettings toSettings(String version) {
        return new KubeClientSettings(
                concurrency,
                readTimeout,
                callTimeout,
                pingInterval,
                "module-controller/" + version);
    }
}
