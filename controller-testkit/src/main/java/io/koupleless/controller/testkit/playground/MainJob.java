package io.koupleless.controller.testkit.playground;

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
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the controller is for, from an empty machine to a module's page on two bases. */
final class MainJob {
    private static final Duration START_LIMIT = Duration.ofSeconds(90);

    private final Steps steps;
    private final Cast cast;
    private final Path controllerJar;
    private final Samples samples = Samples.find();

    MainJob(Steps steps, Cast cast, Path controllerJar) {
        this.steps = steps;
        this.cast = cast;
        this.controllerJar = controllerJar;
    }

    /** Step by step; returns the control plane on which it all can be looked at. */
    ControlPlane run() {
        ControlPlane controlPlane =
                steps.run("control plane", this::startControlPlane, MainJob::describe);
        EmbeddedBroker broker =
                steps.run(
                        "broker",
                        _ -> cast.onStage(EmbeddedBroker.start(BrokerOptions.defaults())),
                        started -> List.of("MQTT at " + started.host() + ":" + started.port()));
        BrokerAddress address = new BrokerAddress(broker.host(), broker.port());
        steps.run(
                "controller",
                _ -> startController(controlPlane, address),
                started ->
                        List.of(
                                "ready, profile mqtt, pid %d, %s"
                                        .formatted(started.process().pid(), started.url())));
        List<SampleBase> bases =
                steps.run("bases", progress -> startBases(address, progress), MainJob::describe);
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

    private ControllerProcess startController(ControlPlane controlPlane, BrokerAddress broker) {
        Path kubeconfig =
                ControllerAccount.create(
                        controlPlane, cast.directory().resolve("controller.kubeconfig"));
        ControllerProcess controller =
                ControllerProcess.start(
                        new ControllerProcess.Setup(
                                controllerJar,
                                kubeconfig,
                                broker,
                                cast.logs(),
                                Map.of(
                                        "CLIENT_ID",
                                        "playground",
                                        "NAMESPACE",
                                        ControllerAccount.NAMESPACE)));
        cast.player(controller, controller.process());
        controller.awaitReady(START_LIMIT);
        return controller;
    }

    private List<SampleBase> startBases(BrokerAddress broker, Progress progress) {
        List<SampleBase> bases = new ArrayList<>();
        for (String identity : List.of("base-1", "base-2")) {
            SampleBase base = SampleBase.start(SampleBaseOptions.of(identity, broker, cast.logs()));
            bases.add(cast.player(base, base.process()));
        }
        for (SampleBase base : bases) {
            progress.say("waiting for " + base.identity());
            base.awaitUp(START_LIMIT);
        }
        return bases;
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
                        "%s: %s, pid %d"
                                .formatted(base.identity(), base.webUrl(), base.process().pid()))
                .toList();
    }
}
