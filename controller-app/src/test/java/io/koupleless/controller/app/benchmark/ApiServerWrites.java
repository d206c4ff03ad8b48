package io.koupleless.controller.app.benchmark;

import io.koupleless.controller.testkit.controlplane.ApiPath;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import java.util.stream.Stream;

/** Counts the writes that an API server has served, by its own {@code apiserver_request_total}. */
final class ApiServerWrites {
    private final ClusterUser admin;

    ApiServerWrites(ClusterUser admin) {
        this.admin = admin;
    }

    /** Of leases, nodes, pods, configmaps and events. */
    double now() {
        return Stream.of(admin.getText(new ApiPath("/metrics")).split("\n"))
                .filter(line -> line.startsWith("apiserver_request_total{"))
                .filter(line -> line.matches(".*verb=\"(POST|PUT|PATCH|APPLY|DELETE)\".*"))
                .filter(line ->
                        line.matches(".*resource=\"(leases|nodes|pods|configmaps|events)\".*"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }
}
