package io.koupleless.controller.testkit.base;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The directory with the modules' jars. */
public record SampleModules(Path directory) {
    private static final String PLACEHOLDER = "${MODULES}";

    /** What bases on this machine can load from, without a slash at its end. */
    public String urlPrefix() {
        return "file://" + directory.toAbsolutePath();
    }

    public String url(String name, String version) {
        return "%s/%s-%s-ark-biz.jar".formatted(urlPrefix(), name, version);
    }

    /** The text of a manifest, with the jars' place filled in. */
    public String fillIn(Path manifest) {
        try {
            return Files.readString(manifest).replace(PLACEHOLDER, urlPrefix());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
