package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.CloseAtExit;
import io.koupleless.controller.testkit.process.Directories;
import io.koupleless.controller.testkit.process.JavaCommand;
import io.koupleless.controller.testkit.process.Launch;
import io.koupleless.controller.testkit.process.LogFile;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * An executable jar with its libraries beside it instead of inside it: it starts sooner, and its
 * classes are loaded by the JDK alone. The loader of jars in jars can fail to find a class when
 * threads load classes at the same time.
 */
final class UnpackedJar {
    private static final int LIMIT_SECONDS = 60;
    private static final Map<Path, Path> DONE = new ConcurrentHashMap<>();

    private UnpackedJar() {}

    /** What to start instead of this jar; there until this JVM ends. */
    static Path of(Path jar) {
        return DONE.computeIfAbsent(jar.toAbsolutePath(), UnpackedJar::unpack);
    }

    private static Path unpack(Path jar) {
        Path directory = Directories.temporary("module-controller-jar-");
        CloseAtExit.add(() -> Directories.delete(directory));
        Path log = directory.resolve("unpack.log");
        ChildProcess process =
                ChildProcess.start(
                        new Launch(
                                "unpacking",
                                log,
                                List.of(
                                        JavaCommand.path(),
                                        "-XX:+UseSerialGC",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Djarmode=tools",
                                        "-jar",
                                        jar.toString(),
                                        "extract",
                                        "--force",
                                        "--destination",
                                        directory.toString())));
        int code = process.ended().orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        if (code != 0) {
            throw new IllegalStateException(
                    "%s cannot be unpacked: %s".formatted(jar, new LogFile(log).reason()));
        }
        return directory.resolve(jar.getFileName());
    }
}
