package io.koupleless.controller.app.scenario;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** The Pod of the original design text, verbatim. */
final class SeedPod {
    static final String NAME = "test-single-module-biz1";

    private SeedPod() {}

    static String text() {
        try (InputStream in = SeedPod.class.getResourceAsStream("seed-pod.yaml")) {
            return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
