package io.koupleless.controller.app.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * CPU time that this process and those that it started have used, in seconds.
 *
 * @param byProgram this JVM is {@code benchmark}, any other one {@code controller}
 */
record CpuSeconds(Map<String, Double> byProgram) {
    private static final double TICKS_PER_SECOND = 100;
    private static final int USER = 11;
    private static final int SYSTEM = 12;

    CpuSeconds {
        byProgram = Map.copyOf(byProgram);
    }

    static CpuSeconds untilNow() {
        Map<String, Double> used = new TreeMap<>();
        ProcessHandle own = ProcessHandle.current();
        used.put("benchmark", of(own));
        own.descendants().forEach(child -> used.merge(program(child), of(child), Double::sum));
        return new CpuSeconds(used);
    }

    CpuSeconds since(CpuSeconds before) {
        Map<String, Double> more = new TreeMap<>(byProgram);
        more.replaceAll((program, used) -> used - before.byProgram.getOrDefault(program, 0.0));
        more.values().removeIf(used -> used < 0.05);
        return new CpuSeconds(more);
    }

    private static String program(ProcessHandle process) {
        String program =
                process.info().command().map(c -> Path.of(c).getFileName().toString()).orElse("?");
        return program.equals("java") ? "controller" : program;
    }

    private static double of(ProcessHandle process) {
        try {
            String stat = Files.readString(Path.of("/proc/" + process.pid() + "/stat"));
            String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
            return (Long.parseLong(fields[USER]) + Long.parseLong(fields[SYSTEM]))
                    / TICKS_PER_SECOND;
        } catch (IOException e) {
            return 0; // it has ended
        }
    }

    @Override
    public String toString() {
        return new TreeMap<>(byProgram)
                .entrySet().stream()
                        .map(e -> "%s %.1f s".formatted(e.getKey(), e.getValue()))
                        .collect(Collectors.joining(", "));
    }
}
