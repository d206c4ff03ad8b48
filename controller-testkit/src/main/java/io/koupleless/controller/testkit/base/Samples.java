package io.koupleless.controller.testkit.base;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** What the build of the samples leaves behind: a base, modules, manifests. */
public record Samples(Path directory) {
    /** Says where the samples are, if they are not beside or above the working directory. */
    public static final String PROPERTY = "module-controller.samples";

    /** From the system property, or found upwards from the working directory. */
    public static Samples find() {
        String given = System.getProperty(PROPERTY, "");
        if (!given.isBlank()) {
            return new Samples(Path.of(given).toAbsolutePath());
        }
        return Stream.iterate(Path.of("").toAbsolutePath(), path -> path != null, Path::getParent)
                .map(path -> path.resolve("samples"))
                .filter(path -> Files.isDirectory(path.resolve("manifests")))
                .findFirst()
                .map(Samples::new)
                .orElseThrow(() ->
                        new IllegalStateException(
                                "no samples directory above %s: set -D%s"
                                        .formatted(Path.of("").toAbsolutePath(), PROPERTY)));
    }

    /** The base's runnable jar. */
    public Path baseJar() {
        return built(directory.resolve("target/base.jar"));
    }

    public Path manifest(String name) {
        return built(directory.resolve("manifests").resolve(name));
    }

    public SampleModules modules() {
        return new SampleModules(built(directory.resolve("target/modules")));
    }

    private static Path built(Path path) {
        if (!Files.exists(path)) {
            throw new IllegalStateException(
                    path + " is missing: build it with mvn -pl samples -amd package");
        }
        return path;
    }
}
