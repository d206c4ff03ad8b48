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
import java.util.concurrent.TimeUnit;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.AsyncTimeout;

/**
 * The two ways to the API server, on connections of their own: bounded requests, and watches that
 * may last. On one connection a burst of answers would keep the news waiting, until the API server
 * ends the watch of a reader that it takes for slow.
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
                unary.newBuilder()
                        .connectionPool(new ConnectionPool())
                        .readTimeout(Duration.ZERO)
                        .callTimeout(Duration.ZERO)
                        .build();
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

    /**
     * Opens a watch, which may last. Its answer has to begin within the time that a request may
     * take: the client itself would wait for ever, for a TLS handshake even.
     */
    <T> Watch<T> watch(ApiPath path, Type lines) throws ApiException {
        Request request = request("GET", path, Map.of("Accept", "application/json"), new byte[0]);
        Call call = watching.newCall(request);
        Opening opening = new Opening(call, unary.callTimeoutMillis());
        opening.enter();
        try {
            return Watch.createWatch(config, call, lines);
        } catch (ApiException e) {
            throw opening.exit() ? new ApiException("the API server has not answered in time") : e;
        } finally {
            opening.exit();
        }
    }

    /** Cancels a call that has no answer yet. */
    private static final class Opening extends AsyncTimeout {
        private final Call call;

        private Opening(Call call, long millis) {
            this.call = call;
            timeout(millis, TimeUnit.MILLISECONDS);
        }

        @Override
        protected void timedOut() {
            call.cancel();
        }
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
        watching.connectionPool().evictAll();
    }
}
