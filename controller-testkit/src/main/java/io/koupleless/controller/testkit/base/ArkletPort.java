package io.koupleless.controller.testkit.base;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Asks arklet over HTTP, past any tunnel and any controller. */
final class ArkletPort {
    private static final int TIMEOUT_MILLIS = (int) Duration.ofSeconds(20).toMillis();

    private ArkletPort() {}

    static List<String> modules(int port) {
        return post(port, "queryAllBiz")
                .path("data")
                .valueStream()
                .map(m -> m.path("bizName").asString("") + ":" + m.path("bizVersion").asString(""))
                .sorted()
                .toList();
    }

    private static JsonNode post(int port, String command) {
        try {
            URI uri = URI.create("http://127.0.0.1:" + port + "/" + command);
            HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection();
            connection.setConnectTimeout(TIMEOUT_MILLIS);
            connection.setReadTimeout(TIMEOUT_MILLIS);
            connection.setRequestMethod("POST");
            connection.setDoOutput(true);
            try (OutputStream out = connection.getOutputStream()) {
                out.write("{}".getBytes(StandardCharsets.UTF_8));
            }
            try (InputStream in = connection.getInputStream()) {
                return JsonMapper.shared().readTree(in.readAllBytes());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
