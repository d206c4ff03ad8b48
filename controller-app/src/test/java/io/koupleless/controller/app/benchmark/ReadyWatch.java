package io.koupleless.controller.app.benchmark;

import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notes when each Pod of a namespace is first seen Ready, and when it is gone. */
final class ReadyWatch implements AutoCloseable {
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private final Map<String, Long> gone = new ConcurrentHashMap<>();
    private final JsonMapper json = JsonMapper.builder().build();
    private final okhttp3.Call call;
    private final Thread reader;

    ReadyWatch(ApiClient client, String token, String namespace) {
        OkHttpClient http =
                client.getHttpClient()
                        .newBuilder()
                        .readTimeout(Duration.ZERO)
                        .callTimeout(Duration.ZERO)
                        .build();
        call =
                http.newCall(
                        new Request.Builder()
                                .url(
                                        client.getBasePath()
                                                + "/api/v1/namespaces/"
                                                + namespace
                                                + "/pods?watch=1&resourceVersion=0")
                                .header("Authorization", "Bearer " + token)
                                .build());
        reader = Thread.ofVirtual().start(this::read);
    }

    private void read() {
        try (Response response = call.execute()) {
            BufferedSource lines = response.body().source();
            for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
                long now = System.nanoTime();
                note(json.readTree(line), now);
            }
        } catch (IOException e) {
            // The benchmark is over: the call was cancelled.
        }
    }

    private void note(JsonNode event, long now) {
        String name = event.at("/object/metadata/name").asString("");
        if (event.at("/type").asString("").equals("DELETED")) {
            gone.putIfAbsent(name, now);
            return;
        }
        for (JsonNode condition : event.at("/object/status/conditions")) {
            if (condition.at("/type").asString("").equals("Ready")
                    && condition.at("/status").asString("").equals("True")) {
                ready.putIfAbsent(name, now);
            }
        }
    }

    Map<String, Long> ready() {
        return ready;
    }

    Map<String, Long> gone() {
        return gone;
    }

    @Override
    public void close() {
        call.cancel();
        reader.interrupt();
    }
}
