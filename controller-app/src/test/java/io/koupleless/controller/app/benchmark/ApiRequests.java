package io.koupleless.controller.app.benchmark;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Requests that an API server has served, by its own {@code apiserver_request_total}.
 *
 * @param counts by verb and resource, such as {@code PATCH pods/status}
 */
record ApiRequests(Map<String, Long> counts) {
    private static final Pattern LINE =
            Pattern.compile(
                    "apiserver_request_total\\{.*resource=\"(leases|nodes|pods|configmaps|events)\""
                            + ".*subresource=\"(\\w*)\".*verb=\"(\\w+)\".*} (\\S+)");
    private static final Pattern WRITE = Pattern.compile("(POST|PUT|PATCH|APPLY|DELETE) .*");

    ApiRequests {
        counts = Map.copyOf(counts);
    }

    static ApiRequests until(ClusterUser admin) {
        Map<String, Long> counts = new TreeMap<>();
        Matcher line = LINE.matcher(admin.getText(new ApiPath("/metrics")));
        while (line.find()) {
            String part = line.group(2).isEmpty() ? "" : "/" + line.group(2);
            counts.merge(
                    line.group(3) + " " + line.group(1) + part,
                    (long) Double.parseDouble(line.group(4)),
                    Long::sum);
        }
        return new ApiRequests(counts);
    }

    ApiRequests since(ApiRequests before) {
        Map<String, Long> more = new TreeMap<>(counts);
        more.replaceAll((what, count) -> count - before.counts.getOrDefault(what, 0L));
        more.values().removeIf(count -> count == 0);
        return new ApiRequests(more);
    }

    long writes() {
        return counts.entrySet().stream()
                .filter(entry -> WRITE.matcher(entry.getKey()).matches())
                .mapToLong(Map.Entry::getValue)
                .sum();
    }

    @Override
    public String toString() {
        return new TreeMap<>(counts).toString();
    }
}
