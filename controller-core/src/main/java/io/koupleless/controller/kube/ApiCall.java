package io.koupleless.controller.kube;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import okhttp3.HttpUrl;
import okhttp3.Request;

/** A request in the words of RBAC: verb, and resource with its subresource. */
record ApiCall(String verb, String resource) {

    static ApiCall of(Request request) {
        List<String> path = resourcePath(request.url());
        String resource = path.isEmpty() ? "none" : path.getFirst();
        boolean collection = path.size() == 1 && root(request.url()) >= 0;
        if (path.size() > 2) {
            resource += "/" + path.get(2);
        }
        return new ApiCall(verb(request, collection), resource);
    }

    private static String verb(Request request, boolean collection) {
        return switch (request.method()) {
            case "GET" -> {
                if ("true".equals(request.url().queryParameter("watch"))) {
                    yield "watch";
                }
                yield collection ? "list" : "get";
            }
            case "POST" -> "create";
            default -> request.method().toLowerCase(Locale.ROOT);
        };
    }

    /** What follows {@code /api/v1[/namespaces/x]} or {@code /apis/group/v1[/namespaces/x]}. */
    private static List<String> resourcePath(HttpUrl url) {
        List<String> segments = url.pathSegments();
        int root = root(url);
        if (root < 0) {
            return segments.stream().filter(segment -> !segment.isEmpty()).limit(1).toList();
        }
        int start = root + (segments.get(root).equals("api") ? 2 : 3);
        if (segments.size() > start + 2 && segments.get(start).equals("namespaces")) {
            start += 2;
        }
        return start >= segments.size() ? List.of() : segments.subList(start, segments.size());
    }

    /** An API server may be reached under a path of its own. */
    private static int root(HttpUrl url) {
        List<String> segments = url.pathSegments();
        return IntStream.range(0, segments.size())
                .filter(i -> segments.get(i).equals("api") || segments.get(i).equals("apis"))
                .findFirst()
                .orElse(-1);
    }
}
