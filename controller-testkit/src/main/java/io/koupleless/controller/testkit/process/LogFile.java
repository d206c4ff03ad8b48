package io.koupleless.controller.testkit.process;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

/** The output of a process, read from its end. */
public record LogFile(Path path) {
    private static final int TAIL_BYTES = 64 * 1024;
    private static final int MAX_REASON = 300;
    private static final Pattern STACK_FRAME =
            Pattern.compile("^\\s+at .*|^\\s*\\.\\.\\. \\d+ more|^goroutine .*|^\\s*$|^\\t.*");
    private static final Pattern TELLING =
            Pattern.compile("(?i)error|exception|fail|refused|denied|in use|panic|cannot|fatal");

    /** The last lines, oldest first; empty if there is no such file. */
    public List<String> lastLines(int count) {
        try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
            long start = Math.max(0, file.length() - TAIL_BYTES);
            byte[] tail = new byte[(int) (file.length() - start)];
            file.seek(start);
            file.readFully(tail);
            List<String> lines = new String(tail, StandardCharsets.UTF_8).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size());
        } catch (IOException e) {
            return List.of();
        }
    }

    /** The one line that most likely says why the process ended. */
    public String reason() {
        List<String> lines =
                lastLines(200).stream()
                        .filter(line -> !STACK_FRAME.matcher(line).matches())
                        .toList()
                        .reversed();
        String line =
                lines.stream()
                        .filter(candidate -> TELLING.matcher(candidate).find())
                        .findFirst()
                        .or(() -> lines.stream().findFirst())
                        .orElse("it said nothing");
        return line.strip().substring(0, Math.min(MAX_REASON, line.strip().length()));
    }
}
