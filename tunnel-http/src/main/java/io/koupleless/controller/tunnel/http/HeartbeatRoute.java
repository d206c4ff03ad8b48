package io.koupleless.controller.tunnel.http;

import java.nio.charset.StandardCharsets;
import org.apache.tomcat.util.buf.UDecoder;

/**
 * Where a request wants to go.
 *
 * @param path {@code /heartbeat} or {@code /queryBaseline}, else it does not exist
 * @param token that was part of the path, or the empty text
 */
record HeartbeatRoute(String path, String token) {
    private static final String HEARTBEAT = "/heartbeat";
    private static final String BASELINE = "/queryBaseline";
    private static final String TOKEN_PREFIX = "/t/";
    private static final HeartbeatRoute PLAIN = new HeartbeatRoute(HEARTBEAT, "");

    /**
     * @param uri as it was sent, without a query; slashes may be doubled, and trail
     */
    static HeartbeatRoute of(String uri) {
        return uri.equals(HEARTBEAT) ? PLAIN : ofAny(uri);
    }

    private static HeartbeatRoute ofAny(String uri) {
        String decoded;
        try {
            decoded = UDecoder.URLDecode(uri, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            return new HeartbeatRoute("", "");
        }
        String bare = decoded.replaceAll("/+", "/");
        if (bare.endsWith("/")) {
            bare = bare.substring(0, bare.length() - 1);
        }
        int end = bare.indexOf('/', TOKEN_PREFIX.length());
        return bare.startsWith(TOKEN_PREFIX) && end > TOKEN_PREFIX.length()
                ? new HeartbeatRoute(
                        bare.substring(end), bare.substring(TOKEN_PREFIX.length(), end))
                : new HeartbeatRoute(bare, "");
    }

    boolean exists() {
        return isHeartbeat() || path.equals(BASELINE);
    }

    boolean isHeartbeat() {
        return path.equals(HEARTBEAT);
    }
}
