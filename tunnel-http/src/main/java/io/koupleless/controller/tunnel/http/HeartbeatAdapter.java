package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.tunnel.http.HeartbeatDesk.Reply;
import io.koupleless.controller.work.Ticker;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.coyote.ActionCode;
import org.apache.coyote.Adapter;
import org.apache.coyote.BadRequestException;
import org.apache.coyote.ContinueResponseTiming;
import org.apache.coyote.Request;
import org.apache.coyote.Response;
import org.apache.tomcat.util.net.SocketEvent;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What may be posted, and where; anything else is refused with a reason in one line. */
final class HeartbeatAdapter implements Adapter {
    private static final Logger log = LoggerFactory.getLogger(HeartbeatAdapter.class);
    private static final String BEARER = "Bearer ";

    private final HeartbeatDesk desk;
    private final SourceRate rate;
    private final Ticker ticker;
    private final int maxBodyBytes;
    private final long patienceNanos;

    HeartbeatAdapter(HttpSettings.Receiver settings, HeartbeatDesk desk, Ticker ticker) {
        this.desk = desk;
        this.rate = new SourceRate(settings.requestsPerSecond(), ticker);
        this.ticker = ticker;
        this.maxBodyBytes = settings.maxBodyBytes();
        this.patienceNanos = settings.patience().toNanos();
    }

    @Override
    public void service(Request request, Response response) {
        try {
            answer(response, understood(request, response));
        } catch (IOException e) {
            response.action(ActionCode.CLOSE_NOW, e); // the client has left
        }
    }

    private static void answer(Response response, Reply reply) throws IOException {
        byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
        response.setStatus(reply.status());
        response.setContentType(reply.type());
        response.setContentLength(body.length);
        response.doWrite(ByteBuffer.wrap(body));
        response.action(ActionCode.CLOSE, null); // before what was not read is looked at
    }

    private Reply understood(Request request, Response response) throws IOException {
        if (response.getStatus() >= 400) {
            return Reply.refusal(response.getStatus(), "a request that cannot be understood");
        }
        try {
            return reply(request, response);
        } catch (RuntimeException e) {
            log.atError().setCause(e).log("A heartbeat failed here");
            return Reply.refusal(500, "failed");
        }
    }

    private Reply reply(Request request, Response response) throws IOException {
        request.action(ActionCode.REQ_HOST_ADDR_ATTRIBUTE, request);
        String sender = request.remoteAddr().toString();
        if (!rate.admits(sender)) {
            return desk.drop(429, "rate", "too many requests from this address");
        }
        HeartbeatRoute route = HeartbeatRoute.of(String.valueOf(request.requestURI()));
        if (!route.exists()) {
            return desk.drop(404, "path", "no such path; there are /heartbeat and /queryBaseline");
        }
        if (!"POST".equals(request.getMethod())) {
            response.setHeader("Allow", "POST");
            return desk.drop(405, "method", "POST only");
        }
        byte @Nullable [] body;
        try {
            body = body(request, response);
        } catch (SocketTimeoutException e) {
            return desk.drop(408, "slow", "the body took too long");
        } catch (BadRequestException e) {
            return desk.drop(400, "malformed", "the body cannot be read");
        }
        if (body == null) {
            return desk.drop(413, "too-large", "more than " + maxBodyBytes + " bytes");
        }
        String token = route.token().isEmpty() ? bearer(request) : route.token();
        return route.isHeartbeat()
                ? desk.heartbeat(sender, token, body)
                : desk.baseline(token, body);
    }

    /** Null when it is too large. */
    private byte @Nullable [] body(Request request, Response response) throws IOException {
        if (request.getContentLengthLong() > maxBodyBytes) {
            return null;
        }
        if (request.hasExpectation()) {
            response.action(ActionCode.ACK, ContinueResponseTiming.ALWAYS);
        }
        long deadlineNanos = ticker.nanos() + patienceNanos;
        BodyBytes body = new BodyBytes();
        while (request.doRead(body) >= 0) {
            if (body.takeAll() > maxBodyBytes) {
                return null;
            }
            if (ticker.nanos() - deadlineNanos > 0) {
                throw new SocketTimeoutException("slower than the patience there is");
            }
        }
        return body.toByteArray();
    }

    private static String bearer(Request request) {
        String header = request.getHeader("Authorization");
        return header != null && header.regionMatches(true, 0, BEARER, 0, BEARER.length())
                ? header.substring(BEARER.length()).strip()
                : "";
    }

    @Override
    public boolean prepare(Request request, Response response) {
        return false; // of HTTP/2 alone
    }

    @Override
    public boolean asyncDispatch(Request request, Response response, SocketEvent status) {
        return false; // nothing is asynchronous
    }

    @Override
    public void log(Request request, Response response, long time) {
        // no access log
    }

    @Override
    public void checkRecycled(Request request, Response response) {
        // nothing is kept in them
    }

    @Override
    public @Nullable String getDomain() {
        return null; // no MBeans
    }
}
