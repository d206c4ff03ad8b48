package io.koupleless.controller.probe;

import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.CheckResult;
import io.koupleless.controller.pod.Target;
import java.io.IOException;
import java.net.Proxy;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import okhttp3.Call;
import okhttp3.ConnectionPool;
import okhttp3.ConnectionSpec;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.OkHttpClient;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;

/**
 * A GET as a kubelet sends it: over a connection of its own, without proxy, whatever the
 * certificate; redirects are followed on the same host only.
 */
final class HttpCheck implements AutoCloseable {
    private static final int MOST_REDIRECTS = 10;
    private static final int OK = 200;
    private static final int REDIRECT = 300;
    private static final int ERROR = 400;

    private final OkHttpClient client;
    private final String userAgent;

    HttpCheck(String userAgent) {
        AnyCertificate any = new AnyCertificate();
        this.userAgent = userAgent;
        this.client =
                new OkHttpClient.Builder()
                        .connectionPool(new ConnectionPool(0, 1, TimeUnit.SECONDS))
                        .proxy(Proxy.NO_PROXY)
                        .protocols(List.of(Protocol.HTTP_1_1))
                        .connectionSpecs(
                                List.of(ConnectionSpec.COMPATIBLE_TLS, ConnectionSpec.CLEARTEXT))
                        .sslSocketFactory(tls(any).getSocketFactory(), any)
                        .hostnameVerifier((_, _) -> true)
                        .followRedirects(false)
                        .retryOnConnectionFailure(false)
                        // One address is tried in this thread; no other is made for it.
                        .fastFallback(false)
                        .connectTimeout(Duration.ZERO)
                        .readTimeout(Duration.ZERO)
                        .writeTimeout(Duration.ZERO)
                        .build();
    }

    private static SSLContext tls(AnyCertificate any) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {any}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JVM has no TLS", e);
        }
    }

    CheckResult run(Target.Http target, Duration timeout) {
        HttpUrl url =
                HttpUrl.get(
                        "%s://%s:%d%s"
                                .formatted(
                                        target.tls() ? "https" : "http",
                                        bracketed(target.host()),
                                        target.port(),
                                        target.path()));
        Headers headers = headers(target.headers());
        try {
            return follow(url, headers, timeout);
        } catch (IOException e) {
            return new CheckResult.Bad(
                    "Get \"%s\": %s".formatted(url, e.getMessage()), TcpCheck.speaker(e));
        }
    }

    private CheckResult follow(HttpUrl first, Headers headers, Duration timeout)
            throws IOException {
        HttpUrl url = first;
        OptionalLong deadline = OptionalLong.empty();
        for (int redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            Call call = client.newCall(new Request.Builder().url(url).headers(headers).build());
            if (deadline.isEmpty()) {
                call.timeout().deadline(timeout.toNanos(), TimeUnit.NANOSECONDS);
                deadline = OptionalLong.of(call.timeout().deadlineNanoTime());
            }
            call.timeout().deadlineNanoTime(deadline.getAsLong());
            try (Response response = call.execute()) {
                Optional<HttpUrl> next = redirect(response, url);
                if (next.isEmpty()) {
                    return judged(response.code());
                }
                if (!next.get().host().equals(first.host())) {
                    return new CheckResult.Good("redirects to another host");
                }
                url = next.get();
            }
        }
        return new CheckResult.Bad(
                "stopped after " + MOST_REDIRECTS + " redirects", CheckResult.Speaker.PROCESS);
    }

    private static Optional<HttpUrl> redirect(Response response, HttpUrl from) {
        String location = response.header("Location");
        return response.isRedirect() && location != null
                ? Optional.ofNullable(from.resolve(location))
                : Optional.empty();
    }

    private static CheckResult judged(int status) {
        if (status < OK || status >= ERROR) {
            return new CheckResult.Bad(
                    "HTTP probe failed with statuscode: " + status, CheckResult.Speaker.PROCESS);
        }
        return new CheckResult.Good(status >= REDIRECT ? "status " + status : "");
    }

    /** An empty value takes one of ours away. */
    private Headers headers(List<Check.Header> asked) {
        Headers.Builder headers =
                new Headers.Builder()
                        .set("User-Agent", userAgent)
                        .set("Accept", "*/*")
                        .set("Accept-Encoding", "identity")
                        .set("Connection", "close");
        for (Check.Header header : asked) {
            boolean ours =
                    header.name().equalsIgnoreCase("User-Agent")
                            || header.name().equalsIgnoreCase("Accept");
            if (ours) {
                headers.removeAll(header.name());
            }
            if (!ours || !header.value().isEmpty()) {
                headers.add(header.name(), header.value());
            }
        }
        return headers.build();
    }

    private static String bracketed(String host) {
        return host.contains(":") ? "[" + host + "]" : host;
    }

    @Override
    public void close() {
        client.dispatcher().cancelAll();
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
