package io.koupleless.controller.app.chart;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Stopgap. */
public final class ChartRbac {
    public static final String SERVICE_ACCOUNT = "module-controller";

    private ChartRbac() {}

    public static String render(String namespace) {
        try (InputStream in =
                ChartRbac.class.getResourceAsStream(
                        "/io/koupleless/controller/testkit/playground/controller-rbac.yaml")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (java.io.IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
