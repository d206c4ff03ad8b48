package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.Directories;
import io.koupleless.controller.testkit.process.Progress;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collection;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;

/** The programs of a control plane in a directory of their own, built once per version and user. */
public final class KubernetesBinaries {
    /** Pinned by go.mod and go.sum beside this class. */
    public static final String VERSION = "1.37.2";

    private static final long NEEDED_BYTES = 6L << 30;
    private static final ReentrantLock IN_THIS_JVM = new ReentrantLock();

    private KubernetesBinaries() {}

    /** Where builds of this version are kept. */
    public static Path cacheDirectory(Map<String, String> environment) {
        String xdg = environment.getOrDefault("XDG_CACHE_HOME", "");
        Path base =
                xdg.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(xdg);
        return base.resolve("module-controller").resolve("kubernetes-" + VERSION);
    }

    /** The programs that are not there. */
    static List<String> missing(Path directory, Collection<Component> wanted) {
        return wanted.stream()
                .map(Component::program)
                .filter(program -> !Files.isExecutable(directory.resolve(program)))
                .sorted()
                .toList();
    }

    /** Builds what is missing; several processes may ask at the same time, one builds. */
    static void complete(Path directory, Progress progress) {
        if (isComplete(directory)) {
            return;
        }
        Directories.create(directory);
        Path lockFile = directory.resolveSibling(directory.getFileName() + ".lock");
        IN_THIS_JVM.lock();
        try (FileChannel channel =
                        FileChannel.open(
                                lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock ignored = lock(channel, progress)) {
            if (!isComplete(directory)) {
                build(directory, progress);
            }
        } catch (IOException e) {
            throw new ControlPlaneException(
                    "cannot build Kubernetes in %s: %s".formatted(directory, e.getMessage()), e);
        } finally {
            IN_THIS_JVM.unlock();
        }
    }

    private static boolean isComplete(Path directory) {
        return missing(directory, EnumSet.allOf(Component.class)).isEmpty();
    }

    private static FileLock lock(FileChannel channel, Progress progress) throws IOException {
        FileLock lock = channel.tryLock();
        if (lock != null) {
            return lock;
        }
        progress.say("another process builds Kubernetes " + VERSION + ": waiting for it");
        return channel.lock();
    }

    private static void build(Path directory, Progress progress) throws IOException {
        requireSpace(directory);
        progress.say(
                "building Kubernetes %s from source into %s: once, about 7 minutes on 2 cores"
                        .formatted(VERSION, directory));
        Path work = directory.resolveSibling("building-" + VERSION);
        Directories.delete(work); // of a build that was broken off
        Directories.create(work);
        try {
            GoBuild go = new GoBuild(work, progress);
            if (!missing(directory, List.of(Component.ETCD)).isEmpty()) {
                go.buildEtcd();
                moveInto(directory, work);
            }
            go.buildKubernetes();
            moveInto(directory, work);
        } finally {
            Directories.delete(work);
        }
    }

    private static void moveInto(Path directory, Path work) throws IOException {
        for (Component component : Component.values()) {
            Path built = work.resolve("bin").resolve(component.program());
            if (Files.isExecutable(built)) {
                Files.move(
                        built,
                        directory.resolve(component.program()),
                        StandardCopyOption.ATOMIC_MOVE);
            }
        }
    }

    private static void requireSpace(Path directory) throws IOException {
        long free = Files.getFileStore(directory).getUsableSpace();
        if (free < NEEDED_BYTES) {
            throw new ControlPlaneException(
                    "building Kubernetes needs 6 GB of disk, %s has %.1f GB: free some, or set %s"
                            .formatted(
                                    directory,
                                    free / (double) (1L << 30),
                                    ControlPlaneLookup.ASSETS));
        }
    }
}
