package io.koupleless.controller.testkit.controlplane;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.testcontainers.DockerClientFactory;

/** The Docker engine of this machine, as Testcontainers finds it. */
final class DockerEngine {
    private DockerEngine() {}

    /** Asks only where an engine may be: Testcontainers complains at length where none is. */
    static boolean answers() {
        return mayBeThere() && DockerClientFactory.instance().isDockerAvailable();
    }

    private static boolean mayBeThere() {
        String home = System.getProperty("user.home");
        return System.getenv("DOCKER_HOST") != null
                || Files.exists(Path.of(home, ".testcontainers.properties"))
                || Stream.of(
                                Path.of("/var/run/docker.sock"),
                                Path.of(home, ".docker", "run", "docker.sock"),
                                Path.of(home, ".docker", "desktop", "docker.sock"),
                                Path.of(
                                        System.getenv().getOrDefault("XDG_RUNTIME_DIR", "/run"),
                                        "docker.sock"))
                        .anyMatch(Files::exists);
    }
}
