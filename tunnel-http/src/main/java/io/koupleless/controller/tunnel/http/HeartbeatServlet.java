package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.tunnel.http.HeartbeatDesk.Reply;
import io.koupleless.controller.work.Ticker;
import jakarta.servlet.http.HttpServlet;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.Serial;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** What may be posted, and where; anything else is refused with a reason in one line. */
final class HeartbeatServlet extends HttpServlet {
    @Serial private static final long serialVersionUID = 1L;

    private static final String TOKEN_PREFIX = "/t/";
    private static final String BEARER = "Bearer ";

    private final transient HeartbeatDesk desk;
    private final transient SourceRate rate;
    private final transient Ticker ticker;
    private final int maxBodyBytes;
    private final long patienceNanos;

    HeartbeatServlet(HttpSettings.Receiver settings, HeartbeatDesk desk, Ticker ticker) {
        this.desk = desk;
        this.rate = new SourceRate(settings.requestsPerSecond(), ticker);
        this.ticker = ticker;
        this.maxBodyBytes = settings.maxBodyBytes();
        this.patienceNanos = settings.patience().toNanos();
    }

    @Override
    protected void service(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        Reply reply = reply(request, response);
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(reply.status());
        response.setContentType(reply.type());
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
    }

    private Reply reply(HttpServletRequest request, HttpServletResponse response)
            throws IOException {
        if (!rate.admits(request.getRemoteAddr())) {
            return desk.drop(429, "rate", "too many requests from this address");
        }
        Route route = Route.of(String.valueOf(request.getPathInfo()));
        if (!route.exists()) {
            return desk.drop(404, "path", "no such path; there are /heartbeat and /queryBaseline");
        }
        if (!request.getMethod().equals("POST")) {
            response.setHeader("Allow", "POST");
            return desk.drop(405, "method", "POST only");
        }
        byte @Nullable [] body;
        try {
            body = body(request);
        } catch (SocketTimeoutException e) {
            return desk.drop(408, "slow", "the body took too long");
        }
        if (body == null) {
            return desk.drop(413, "too-large", "more than " + maxBodyBytes + " bytes");
        }
        String token = route.token().isEmpty() ? bearer(request) : route.token();
        return route.path().equals("/heartbeat")
                ? desk.heartbeat(request.getRemoteAddr(), token, body)
                : desk.baseline(token, body);
    }

    /** Null when it is too large. */
    private byte @Nullable [] body(HttpServletRequest request) throws IOException {
        if (request.getContentLengthLong() > maxBodyBytes) {
            return null;
        }
        long deadlineNanos = ticker.nanos() + patienceNanos;
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        byte[] buffer = new byte[4_096];
        InputStream in = request.getInputStream();
        for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
            body.write(buffer, 0, read);
            if (body.size() > maxBodyBytes) {
                return null;
            }
            if (ticker.nanos() - deadlineNanos > 0) {
                throw new SocketTimeoutException("slower than the patience there is");
            }
        }
        return body.toByteArray();
    }

    private static String bearer(HttpServletRequest request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    /**
     * Where a request wants to go.
     *
     * @param path {@code /heartbeat} or {@code /queryBaseline}, else it does not exist
     * @param token that was part of the path, or the empty text
     */
    private record Route(String path, String token) {
        static Route of(String path) {
            String bare = path;
            while (bare.length() > 1 && bare.endsWith("/")) {
                bare = bare.substring(0, bare.length() - 1);
            }
            int end = bare.indexOf('/', TOKEN_PREFIX.length());
            return bare.startsWith(TOKEN_PREFIX) && end > TOKEN_PREFIX.length()
                    ? new Route(bare.substring(end), bare.substring(TOKEN_PREFIX.length(), end))
                    : new Route(bare, "");
        }

        boolean exists() {
            return path.equals("/heartbeat") || path.equals("/queryBaseline");
        }
    }
}
