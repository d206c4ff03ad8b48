package io.koupleless.controller.testkit.process;

import java.nio.file.Path;

/** The {@code java} that runs this JVM, for others like it. */
public final class JavaCommand {
    private JavaCommand() {}

    public static String path() {
        return Path.of(System.getProperty("java.home"), "bin", "java").toString();
    }
}
