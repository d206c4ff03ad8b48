package io.koupleless.controller.kube;

import java.time.Duration;

/**
 * How requests to the API server are bounded.
 *
 * @param concurrency requests under way at once; when many clients use the API server, who has few
 *     under way gets little of it
 * @param readTimeout of one read; watches have none
 * @param callTimeout of a whole request with its waiting and repetitions; of a watch until it is
 *     answered
 * @param pingInterval of the HTTP/2 ping that notices a dead connection
 * @param userAgent also the field manager of what is written, up to the slash
 */
public record KubeClientSettings(
        int concurrency,
        Duration readTimeout,
        Duration callTimeout,
        Duration pingInterval,
        String userAgent) {

    public static final KubeClientSettings DEFAULTS =
            new KubeClientSettings(
                    128,
                    Duration.ofSeconds(10),
                    Duration.ofSeconds(15),
                    Duration.ofSeconds(15),
                    "module-controller");

    public KubeClientSettings {
        if (concurrency < 1) {
            throw new IllegalArgumentException("concurrency must be at least 1");
        }
    }

    public KubeClientSettings withUserAgent(String text) {
        return new KubeClientSettings(concurrency, readTimeout, callTimeout, pingInterval, text);
    }
}
