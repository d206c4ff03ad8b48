package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.base.BasePod;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.ControlPlaneLookup;
import io.koupleless.controller.testkit.controlplane.ControlPlaneOptions;
import io.koupleless.controller.testkit.process.Progress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the controller is for, from an empty machine to a module's page on two bases. */
final class MainJob {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    /** No base here sends heartbeats over HTTP, so that nobody has to listen. */
    private static final Map<String, String> POD_SOURCE =
            Map.of(
                    "HTTP_TUNNEL_LISTEN_PORT",
                    "-1",
                    "MODULE_CONTROLLER_HTTP_PODS_SELECTOR",
                    BasePod.SELECTOR,
                    "MODULE_CONTROLLER_HTTP_PODS_NAMESPACE",
                    BasePod.NAMESPACE,
                    "MODULE_CONTROLLER_HTTP_ALLOW_LOOPBACK",
                    "true");

    private final Steps steps;
    private final Cast cast;
    private final Path controllerJar;
    private final TunnelChoice tunnel;
    private final Samples samples = Samples.find();

    MainJob(Steps steps, Cast cast, Path controllerJar, TunnelChoice tunnel) {
        this.steps = steps;
        this.cast = cast;
        this.controllerJar = controllerJar;
        this.tunnel = tunnel;
    }

    /** Step by step; returns the control plane on which it all can be looked at. */
    ControlPlane run() {
        ControlPlane controlPlane =
                steps.run("control plane", this::startControlPlane, MainJob::describe);
        Optional<BrokerAddress> broker =
                tunnel.needsBroker()
                        ? Optional.of(steps.run("broker", _ -> startBroker(), MainJob::describe))
                        : Optional.empty();
        steps.run(
                "controller",
                _ -> startController(controlPlane, broker),
                started ->
                        List.of(
                                "ready, profile %s, pid %d, %s"
                                        .formatted(
                                                tunnel.profiles(),
                                                started.process().pid(),
                                                started.url())));
        List<SampleBase> bases =
                steps.run(
                        "bases",
                        progress -> startBases(controlPlane, broker, progress),
                        MainJob::describe);
        Rollout rollout = new Rollout(controlPlane.admin(), cast);
        steps.run("nodes", progress -> rollout.awaitNodes(bases, progress), lines -> lines);
        steps.run("module", progress -> rollout.deploy(samples, progress), lines -> lines);
        steps.run("pages", progress -> rollout.readPages(bases, progress), lines -> lines);
        return controlPlane;
    }

    private ControlPlane startControlPlane(Progress progress) {
        ControlPlaneOptions options =
                ControlPlaneOptions.defaults().logsIn(cast.logs()).telling(progress);
        Optional<Path> given =
                Optional.ofNullable(System.getenv(ControlPlaneLookup.KUBECONFIG))
                        .filter(path -> !path.isBlank())
                        .map(Path::of);
        ControlPlane controlPlane =
                ControlPlane.start(given.map(options::onClusterOf).orElse(options));
        cast.onStage(controlPlane);
        if (given.isPresent()) {
            cast.onStage(new Leftovers(controlPlane.admin()));
        }
        return controlPlane;
    }

    private BrokerAddress startBroker() {
        EmbeddedBroker broker = cast.onStage(EmbeddedBroker.start(BrokerOptions.defaults()));
        return new BrokerAddress(broker.host(), broker.port());
    }

    private ControllerProcess startController(
            ControlPlane controlPlane, Optional<BrokerAddress> broker) {
        Path kubeconfig =
                ControllerAccount.create(
                        controlPlane, cast.directory().resolve("controller.kubeconfig"));
        Map<String, String> settings = new HashMap<>(tunnel.looksForPods() ? POD_SOURCE : Map.of());
        settings.put("CLIENT_ID", "playground");
        settings.put("NAMESPACE", ControllerAccount.NAMESPACE);
        ControllerProcess controller =
                ControllerProcess.start(
                        new ControllerProcess.Setup(
                                controllerJar,
                                kubeconfig,
                                tunnel.profiles(),
                                broker,
                                cast.logs(),
                                settings));
        cast.player(controller, controller.process());
        controller.awaitReady(START_LIMIT);
        return controller;
    }

    private List<SampleBase> startBases(
            ControlPlane controlPlane, Optional<BrokerAddress> broker, Progress progress) {
        List<SampleBase> bases = new ArrayList<>();
        for (int number = 1; number <= 2; number++) {
            String identity = "base-" + number;
            Optional<BrokerAddress> own = tunnel.isOverMqtt(number) ? broker : Optional.empty();
            SampleBase base =
                    SampleBase.start(
                            own.map(address -> SampleBaseOptions.of(identity, address, cast.logs()))
                                    .orElseGet(() ->
                                            SampleBaseOptions.overHttp(identity, cast.logs())));
            bases.add(cast.player(base, base.process()));
        }
        for (SampleBase base : bases) {
            progress.say("waiting for " + base.identity());
            base.awaitUp(START_LIMIT);
            if (!base.isOverMqtt()) {
                BasePod.of(base).create(controlPlane.admin());
            }
        }
        return bases;
    }

    private static List<String> describe(BrokerAddress broker) {
        return List.of("MQTT at " + broker.host() + ":" + broker.port());
    }

    private static List<String> describe(ControlPlane controlPlane) {
        return List.of(
                "Kubernetes %s at %s, %s"
                        .formatted(
                                controlPlane.version(), controlPlane.url(), controlPlane.origin()));
    }

    private static List<String> describe(List<SampleBase> bases) {
        return bases.stream()
                .map(base ->
                        "%s: %s, pid %d, %s"
                                .formatted(
                                        base.identity(),
                                        base.webUrl(),
                                        base.process().pid(),
                                        waysIn(base)))
                .toList();
    }

    private static String waysIn(SampleBase base) {
        return base.isOverMqtt()
                ? "announces itself over MQTT"
                : "takes commands over HTTP at %s:%d, as its Pod tells"
                        .formatted(BasePod.IP, base.arkletPort());
    }
}
