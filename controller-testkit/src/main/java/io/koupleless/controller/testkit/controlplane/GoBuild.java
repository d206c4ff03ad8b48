package io.koupleless.controller.testkit.controlplane;

import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.Launch;
import io.koupleless.controller.testkit.process.LogFile;
import io.koupleless.controller.testkit.process.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;

/** One run of the Go toolchain in a directory with the pinned go.mod. */
final class GoBuild {
    private static final Duration BEAT = Duration.ofSeconds(5);
    private static final Pattern NETWORK =
            Pattern.compile(
                    "dial tcp|no such host|connection refused|i/o timeout|TLS handshake"
                            + "|network is unreachable|proxyconnect|context deadline exceeded");
    private static final String KUBERNETES_FLAGS =
            ("-s -w -X k8s.io/component-base/version.gitVersion=v%s"
                            + " -X k8s.io/component-base/version.gitMajor=1"
                            + " -X k8s.io/component-base/version.gitMinor=%s"
                            + " -X k8s.io/component-base/version.gitTreeState=clean")
                    .formatted(
                            KubernetesBinaries.VERSION, KubernetesBinaries.VERSION.split("\\.")[1]);

    private final Path work;
    private final Progress progress;

    GoBuild(Path work, Progress progress) throws IOException {
        this.work = work;
        this.progress = progress;
        copyResource("go.mod");
        copyResource("go.sum");
    }

    void buildEtcd() {
        run("etcd", "-s -w", work.resolve("bin/etcd").toString(), "go.etcd.io/etcd/server/v3");
    }

    void buildKubernetes() {
        run(
                "kube-apiserver, kube-controller-manager, kube-scheduler",
                KUBERNETES_FLAGS,
                work.resolve("bin") + "/",
                "k8s.io/kubernetes/cmd/kube-apiserver",
                "k8s.io/kubernetes/cmd/kube-controller-manager",
                "k8s.io/kubernetes/cmd/kube-scheduler");
    }

    private void run(String what, String linkerFlags, String output, String... packages) {
        List<String> command =
                new ArrayList<>(
                        List.of("go", "build", "-v", "-trimpath", "-buildvcs=false", "-ldflags"));
        command.add(linkerFlags);
        command.add("-o");
        command.add(output);
        command.addAll(List.of(packages));
        Path log = work.resolve("go.log");
        Launch launch =
                new Launch("go build", log, command)
                        .with("CGO_ENABLED", "0")
                        .with("GOTMPDIR", work.toString())
                        .with("GOFLAGS", "")
                        .with("GOWORK", "off");
        long started = System.nanoTime();
        try (ChildProcess go = ChildProcess.start(launch)) {
            int code = follow(go.ended(), what, log, started);
            if (code != 0) {
                throw new ControlPlaneException(failure(what, log));
            }
        }
    }

    private int follow(CompletableFuture<Integer> ended, String what, Path log, long started) {
        while (true) {
            try {
                return ended.get(BEAT.toSeconds(), TimeUnit.SECONDS);
            } catch (TimeoutException e) {
                progress.say("building " + what + ": " + state(log, started));
            } catch (ExecutionException e) {
                throw new ControlPlaneException("go build cannot be followed", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new ControlPlaneException("interrupted while building Kubernetes", e);
            }
        }
    }

    /** "2:05, 812 packages compiled, now k8s.io/api/core/v1". */
    private static String state(Path log, long started) {
        Duration elapsed = Duration.ofNanos(System.nanoTime() - started);
        String time = "%d:%02d".formatted(elapsed.toMinutes(), elapsed.toSecondsPart());
        List<String> lines = new LogFile(log).lastLines(Integer.MAX_VALUE);
        if (lines.isEmpty()) {
            return time + ", linking or looking what is cached";
        }
        if (lines.getLast().startsWith("go: downloading")) {
            long downloads = lines.stream().filter(l -> l.startsWith("go: downl")).count();
            return "%s, %d modules downloaded, now %s"
                    .formatted(time, downloads, lines.getLast().substring(16));
        }
        long compiled = lines.stream().filter(line -> !line.startsWith("go: ")).count();
        return "%s, %d packages compiled, now %s".formatted(time, compiled, lines.getLast());
    }

    private static String failure(String what, Path log) {
        List<String> lines = new LogFile(log).lastLines(50);
        String reason = new LogFile(log).reason();
        boolean network = lines.stream().anyMatch(line -> NETWORK.matcher(line).find());
        return "building %s failed: %s%s"
                .formatted(
                        what,
                        reason,
                        network
                                ? " (no way to the Go module proxy: check the network, HTTPS_PROXY"
                                        + " and GOPROXY)"
                                : "");
    }

    private void copyResource(String name) throws IOException {
        try (InputStream resource = GoBuild.class.getResourceAsStream(name)) {
            if (resource == null) {
                throw new IOException("resource " + name + " is missing");
            }
            Files.copy(resource, work.resolve(name), StandardCopyOption.REPLACE_EXISTING);
        }
    }
}
