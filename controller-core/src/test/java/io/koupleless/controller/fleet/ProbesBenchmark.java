package io.koupleless.controller.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.OperatingSystemMXBean;
import io.koupleless.controller.base.Base;
import io.koupleless.controller.base.BaseHealth;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.module.ModuleRef;
import io.koupleless.controller.module.ModuleState;
import io.koupleless.controller.module.ModuleStatus;
import io.koupleless.controller.node.NodeName;
import io.koupleless.controller.node.ObservedNode;
import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.ModuleContainer;
import io.koupleless.controller.pod.ModulePod;
import io.koupleless.controller.pod.PodCondition;
import io.koupleless.controller.pod.PodRef;
import io.koupleless.controller.pod.PodStatus;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.koupleless.controller.probe.NetworkProber;
import io.koupleless.controller.record.BaseRecord;
import io.koupleless.controller.record.EntryState;
import io.koupleless.controller.record.ModuleEntry;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelEvent;
import io.koupleless.controller.vnode.Effect;
import io.koupleless.controller.vnode.Outcome;
import io.koupleless.controller.vnode.VNodeSettings;
import io.koupleless.controller.work.ThreadTimers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What 10,000 readiness probes cost, a tenth of them every second, over real sockets: the fleet as
 * it runs in production, but for Kubernetes and the tunnel, which do at once what is asked of them.
 * Ten more bases with ten probes each never answer.
 */
@Timeout(300)
class ProbesBenchmark {
    private static final int BASES = Integer.getInteger("benchmark.bases", 1_000);
    private static final int MODULES = 10;
    private static final int HUNG = 10;
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration WARM_UP = Duration.ofSeconds(40);
    private static final Duration MEASURED = Duration.ofSeconds(60);
    private static final Instant STARTED = Instant.parse("2026-01-01T00:00:00Z");

    private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    private final ScriptedTunnel tunnel = new ScriptedTunnel(Backstage.MQTT);
    private final Map<String, BaseRecord> records = new HashMap<>();
    private final Set<String> readyPods = ConcurrentHashMap.newKeySet();
    private final long begun = System.nanoTime();

    @Test
    void tenThousandProbesKeepTheirTime() throws Exception {
        int port = freePort();
        Process pages = pages(port);
        ExecutorService workers = Executors.newVirtualThreadPerTaskExecutor();
        try (NetworkProber prober =
                        new NetworkProber(
                                VNodeSettings.Probing.defaults().concurrency(), "kube-probe/b");
                ThreadTimers timers = new ThreadTimers(System::nanoTime)) {
            VNodeSettings settings =
                    new VNodeSettings(
                            "me",
                            "dev",
                            VNodeSettings.Times.defaults(),
                            VNodeSettings.Limits.defaults());
            Fleet fleet =
                    new Fleet(
                            settings,
                            new FleetWorld(
                                    new FleetWorld.Time(
                                            workers,
                                            workers,
                                            timers,
                                            System::nanoTime,
                                            Clock.systemUTC()),
                                    this::kube,
                                    new Nothing(),
                                    new Links(List.of(tunnel)),
                                    prober,
                                    new FleetMetrics(meters)));
            tunnel.onSend(message -> answer(fleet, message));
            fleet.onEvent(Backstage.MQTT, new TunnelEvent.LinkChanged(true));
            for (int i = 0; i < BASES + HUNG; i++) {
                begin(fleet, i, port);
            }
            pass(WARM_UP);
            assertThat(readyPods).as("ready modules").hasSize(BASES * MODULES);
            measure();
            fleet.stop();
        } finally {
            workers.shutdownNow();
            pages.destroyForcibly();
        }
    }

    private void measure() throws InterruptedException {
        double good = count("Good");
        double bad = count("Bad");
        long cpu = cpu();
        long from = System.nanoTime();
        pass(MEASURED);
        double seconds = (System.nanoTime() - from) / 1e9;
        double rate = (count("Good") - good) / seconds;
        double share = (cpu() - cpu) / 1e9 / seconds;
        System.out.printf(
                "%d probes every %d s on %d bases: %.1f good a second, %.1f of hung bases;"
                        + " %.2f cores, %d platform threads%n",
                BASES * MODULES,
                PERIOD.toSeconds(),
                BASES,
                rate,
                (count("Bad") - bad) / seconds,
                share,
                ManagementFactory.getThreadMXBean().getThreadCount());
        assertThat(readyPods).as("ready modules").hasSize(BASES * MODULES);
        assertThat(rate).isGreaterThan(0.97 * BASES * MODULES / PERIOD.toSeconds());
        assertThat(share).isLessThan(1);
    }

    private void begin(Fleet fleet, int number, int port) {
        String identity = "b" + number;
        String ip =
                "127.%d.%d.%d".formatted(number < BASES ? 1 : 2, number / 250, number % 250 + 1);
        Map<ModuleRef, ModuleEntry> entries = new HashMap<>();
        List<ModulePod> pods = new ArrayList<>();
        for (int m = 0; m < MODULES; m++) {
            ModulePod pod = pod(identity, m, port);
            ModuleRef ref = module(m);
            entries.put(
                    ref,
                    new ModuleEntry(
                            ref, ref, EntryState.INSTALLED, pod.ref(), "", "hash", STARTED));
            pods.add(pod);
        }
        records.put("vnode." + identity + ".dev", new BaseRecord(0, Optional.empty(), entries));
        fleet.onEvent(
                Backstage.MQTT,
                new TunnelEvent.BaseSeen(
                        new Base(new BaseId(identity), "base", "1", "", ip, "h", 0, true)));
        pods.forEach(fleet::podSeen);
    }

    private static ModuleRef module(int number) {
        return new ModuleRef("biz" + number, "1");
    }

    private static ModulePod pod(String identity, int number, int port) {
        ModuleRef ref = module(number);
        Probe probe =
                new Probe(
                        new Check.HttpGet(
                                false, "", new Check.PortNumber(port), "/healthz", List.of()),
                        Duration.ZERO,
                        PERIOD,
                        Duration.ofSeconds(1),
                        1,
                        3,
                        Duration.ofSeconds(30));
        return new ModulePod(
                new PodRef("default", identity + "-" + number, identity + "-" + number),
                "vnode." + identity + ".dev",
                true,
                "1",
                STARTED,
                0,
                false,
                "",
                ModulePod.RestartPolicy.ALWAYS,
                List.of(),
                List.of(
                        new ModuleContainer(
                                ref.name(),
                                "http://repo/x.jar",
                                new ModuleContainer.Module(
                                        ref, URI.create("http://repo/x.jar"), "hash"),
                                Map.of(ProbeKind.READINESS, probe),
                                Optional.empty())),
                PodStatus.NONE);
    }

    private Outcome kube(NodeName node, Effect effect) {
        return switch (effect) {
            case Effect.ReadRecord() ->
                    new Outcome.RecordRead(
                            Optional.of(new Outcome.Stored(records.get(node.value()), "1")));
            case Effect.PatchPodStatus patch -> {
                if (patch.status().isTrue(PodCondition.READY)) {
                    readyPods.add(patch.pod().uid());
                } else {
                    readyPods.remove(patch.pod().uid());
                }
                yield new Outcome.Written("2");
            }
            default -> Backstage.freshCluster(node, effect);
        };
    }

    private CompletableFuture<Void> answer(Fleet fleet, Message message) {
        BaseId base = message.base();
        switch (message.command()) {
            case Command.QueryHealth _ ->
                    fleet.onEvent(Backstage.MQTT, new TunnelEvent.HealthReported(base, health()));
            case Command.QueryModules _ -> {
                List<ModuleStatus> modules = new ArrayList<>();
                for (int m = 0; m < MODULES; m++) {
                    modules.add(ModuleStatus.of(module(m), ModuleState.ACTIVATED));
                }
                fleet.onEvent(Backstage.MQTT, new TunnelEvent.ModulesReported(base, modules));
            }
            default -> throw new AssertionError("not asked for: " + message.command());
        }
        return CompletableFuture.completedFuture(null);
    }

    private BaseHealth health() {
        return new BaseHealth(
                "ACTIVATED",
                Optional.empty(),
                Optional.of(Duration.ofNanos(System.nanoTime() - begun).plusHours(1)),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                OptionalLong.empty(),
                Optional.empty());
    }

    private double count(String result) {
        return meters.find(FleetMetrics.PREFIX + "probes").tag("result", result).counters().stream()
                .mapToDouble(counter -> counter.count())
                .sum();
    }

    private static void pass(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    private static long cpu() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    private static Process pages(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        PageServer.class.getName(),
                        Integer.toString(port))
                .inheritIO()
                .start();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** No cache knows anything but what it was told. */
    private static final class Nothing implements Caches {
        @Override
        public void replay(NodeName node) {}

        @Override
        public Optional<ObservedNode> node(NodeName name) {
            return Optional.empty();
        }

        @Override
        public boolean synced() {
            return true;
        }
    }
}
