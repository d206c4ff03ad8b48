package io.koupleless.controller.kube;

import io.kubernetes.client.openapi.ApiClient;
import io.kubernetes.client.openapi.ApiException;
import io.kubernetes.client.util.Watch;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The two ways to the API server, on one pool of connections: bounded requests, and watches that
 * may last.
 */
public final class KubeClients implements AutoCloseable {
    private static final String[] CREDENTIALS = {"BearerToken"};

    private final ApiClient config;
    private final String userAgent;
    private final ApiTraffic traffic;
    private final OkHttpClient unary;
    private final OkHttpClient watching;

    private KubeClients(ApiClient config, KubeClientSettings settings, MeterRegistry meters) {
        this.config = config;
        this.userAgent = settings.userAgent();
        this.traffic = new ApiTraffic(settings, meters);
        this.unary =
                config.getHttpClient()
                        .newBuilder()
                        .connectTimeout(settings.readTimeout())
                        .readTimeout(settings.readTimeout())
                        .writeTimeout(settings.readTimeout())
                        .callTimeout(settings.callTimeout())
                        .pingInterval(settings.pingInterval())
                        .addInterceptor(traffic)
                        .build();
        this.watching =
                unary.newBuilder().readTimeout(Duration.ZERO).callTimeout(Duration.ZERO).build();
    }

    /** With the address and credentials of a client, which is left as it is. */
    public static KubeClients of(
            ApiClient config, KubeClientSettings settings, MeterRegistry meters) {
        KubeJson.install();
        return new KubeClients(config, settings, meters);
    }

    /**
     * With that kubeconfig, else the one that {@code KUBECONFIG} names, else {@code
     * ~/.kube/config}, else the ServiceAccount of this Pod; returns once the API server has
     * answered.
     *
     * @throws KubernetesUnavailableException when there is none of these or no answer
     */
    public static KubeClients connect(
            Optional<Path> kubeconfig, KubeClientSettings settings, MeterRegistry meters) {
        KubeJson.install();
        ApiClient config = KubeConfiguration.load(kubeconfig);
        KubeClients clients = new KubeClients(config, settings, meters);
        try {
            clients.requireAnswer();
            return clients;
        } catch (KubernetesUnavailableException e) {
            clients.close();
            throw e;
        }
    }

    private void requireAnswer() {
        switch (new KubeRequests(this).get(new ApiPath("/version"))) {
            case Reply.Ok _ -> {}
            case Reply.Refused(String message, _) ->
                    throw KubeConfiguration.noAnswer(config, message);
            case Reply.Failed(_, String message) ->
                    throw KubeConfiguration.noAnswer(config, message);
            case Reply.NotFound(), Reply.Conflict() ->
                    throw KubeConfiguration.noAnswer(config, "it is no API server");
        }
    }

    Response execute(String method, ApiPath path, Map<String, String> headers, byte[] body)
            throws IOException {
        return unary.newCall(request(method, path, headers, body)).execute();
    }

    <T> Watch<T> watch(ApiPath path, Type lines) throws ApiException {
        Request request = request("GET", path, Map.of("Accept", "application/json"), new byte[0]);
        return Watch.createWatch(config, watching.newCall(request), lines);
    }

    private Request request(String method, ApiPath path, Map<String, String> headers, byte[] body) {
        try {
            Request request =
                    config.buildRequest(
                            config.getBasePath(),
                            path.value(),
                            method,
                            List.of(),
                            List.of(),
                            body,
                            new HashMap<>(headers),
                            Map.of(),
                            Map.of(),
                            CREDENTIALS,
                            null);
            return request.newBuilder().header("User-Agent", userAgent).build();
        } catch (ApiException e) {
            throw new IllegalStateException("the client cannot build this request", e);
        }
    }

    /** Ends waiting requests and closes every connection. */
    @Override
    public void close() {
        traffic.close();
        unary.dispatcher().cancelAll();
        unary.dispatcher().executorService().shutdown();
        unary.connectionPool().evictAll();
    }
}
