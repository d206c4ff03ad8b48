package io.koupleless.controller.testkit.process;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What to run, with which environment, and the file that takes its output. */
public record Launch(
        String name,
        List<String> command,
        Map<String, String> environment,
        Path directory,
        Path log) {
    public Launch {
        command = List.copyOf(command);
        environment = Map.copyOf(environment);
    }

    /** Runs in the log's directory with this JVM's environment. */
    public Launch(String name, Path log, List<String> command) {
        this(
                name,
                command,
                Map.of(),
                log.toAbsolutePath().resolveSibling("").toAbsolutePath(),
                log);
    }

    /** The same with one more environment variable. */
    public Launch with(String variable, String value) {
        Map<String, String> more = new HashMap<>(environment);
        more.put(variable, value);
        return new Launch(name, command, more, directory, log);
    }

    /** The same in another working directory. */
    public Launch in(Path other) {
        return new Launch(name, command, environment, other, log);
    }
}
