package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.Directories;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** All that runs in the playground, and the directory it writes to; both go together. */
final class Cast implements AutoCloseable {
    private final Path directory;
    private final List<ChildProcess> processes = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> players = new CopyOnWriteArrayList<>();
    private final List<AutoCloseable> stage = new CopyOnWriteArrayList<>();
    private volatile boolean closing;
    private volatile boolean logsStay;

    Cast(Path directory) {
        this.directory = directory;
        Directories.create(logs());
    }

    Path directory() {
        return directory;
    }

    Path logs() {
        return directory.resolve("logs");
    }

    boolean isClosing() {
        return closing;
    }

    /** Whatever the players need; closed after them. */
    <T extends AutoCloseable> T onStage(T part) {
        stage.add(part);
        return part;
    }

    /** A base or the controller; all are closed at the same time. */
    <T extends AutoCloseable> T player(T part, ChildProcess process) {
        players.add(part);
        processes.add(process);
        return part;
    }

    /** Fails with the last words of whoever has ended by itself. */
    void requireAlive() {
        processes.forEach(ChildProcess::requireAlive);
    }

    /** Tells the user about whoever ends from now on. */
    void reportEndsTo(Terminal terminal) {
        for (ChildProcess process : processes) {
            process.ended()
                    .thenAccept(code -> {
                        if (!closing) {
                            terminal.say(
                                    " ! %s has ended with code %d; its log: %s"
                                            .formatted(
                                                    process.name(), code, process.launch().log()));
                        }
                    });
        }
    }

    void keepLogs() {
        logsStay = true;
    }

    /** What a close leaves behind, in a few words. */
    String leaves() {
        return logsStay ? "the logs and caches" : "caches";
    }

    @Override
    public void close() throws IOException {
        closing = true;
        ChildProcess.closeAll(players);
        ChildProcess.closeAll(stage);
        if (logsStay) {
            try (Stream<Path> entries = Files.list(directory)) {
                entries.filter(entry -> !entry.equals(logs())).forEach(Directories::delete);
            }
        } else {
            Directories.delete(directory);
        }
    }
}
