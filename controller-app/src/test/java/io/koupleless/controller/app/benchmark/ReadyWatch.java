package io.koupleless.controller.app.benchmark;

import io.kubernetes.client.openapi.ApiClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import okhttp3.Call;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;
import okio.BufferedSource;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Notes when each Pod of a namespace is first seen, first seen Ready, and gone. */
final class ReadyWatch implements AutoCloseable {
    private final Map<String, Long> there = new ConcurrentHashMap<>();
    private final Map<String, Long> ready = new ConcurrentHashMap<>();
    private final Map<String, Long> gone = new ConcurrentHashMap<>();
    private final JsonMapper json = JsonMapper.builder().build();
    private final OkHttpClient http;
    private final String url;
    private final String token;
    private final Thread reader;
    private volatile String version;
    private volatile boolean over;
    private volatile @Nullable Call call;

    /**
     * @param version of the list from which on it watches
     */
    ReadyWatch(ApiClient client, String token, String namespace, String version) {
        this.version = version;
        this.http =
                client.getHttpClient()
                        .newBuilder()
                        .readTimeout(Duration.ZERO)
                        .callTimeout(Duration.ZERO)
                        .build();
        this.url =
                client.getBasePath()
                        + "/api/v1/namespaces/"
                        + namespace
                        + "/pods?watch=1&resourceVersion=";
        this.token = token;
        this.reader = Thread.ofPlatform().daemon().name("ready-watch").start(this::read);
    }

    /** The API server ends a watch whose reader falls behind: it goes on from where it was. */
    private void read() {
        while (!over) {
            Call next =
                    http.newCall(
                            new Request.Builder()
                                    .url(url + version)
                                    .header("Authorization", "Bearer " + token)
                                    .build());
            call = next;
            try (Response response = next.execute()) {
                if (!response.isSuccessful()) {
                    throw new IOException("the API server answered " + response.code());
                }
                readLines(response.body().source());
            } catch (IOException e) {
                if (!over) {
                    throw new IllegalStateException("the watch broke, no figure counts", e);
                }
            }
        }
    }

    private void readLines(BufferedSource lines) throws IOException {
        for (String line = lines.readUtf8Line(); line != null; line = lines.readUtf8Line()) {
            long now = System.nanoTime();
            JsonNode event = json.readTree(line);
            version = event.at("/object/metadata/resourceVersion").asString(version);
            note(event, now);
        }
    }

    private void note(JsonNode event, long now) {
        String name = event.at("/object/metadata/name").asString("");
        if (event.at("/type").asString("").equals("DELETED")) {
            gone.putIfAbsent(name, now);
            return;
        }
        there.putIfAbsent(name, now);
        for (JsonNode condition : event.at("/object/status/conditions")) {
            if (condition.at("/type").asString("").equals("Ready")
                    && condition.at("/status").asString("").equals("True")) {
                ready.putIfAbsent(name, now);
            }
        }
    }

    Map<String, Long> there() {
        return there;
    }

    Map<String, Long> ready() {
        return ready;
    }

    Map<String, Long> gone() {
        return gone;
    }

    @Override
    public void close() {
        over = true;
        Call running = call;
        if (running != null) {
            running.cancel();
        }
        reader.interrupt();
    }
}
