package io.koupleless.controller.app.scenario;

import io.koupleless.controller.app.chart.ChartRbac;
import io.koupleless.controller.testkit.base.BaseMetadata;
import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.base.Samples;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.controlplane.ClusterUser;
import io.koupleless.controller.testkit.controlplane.ControlPlane;
import io.koupleless.controller.testkit.controlplane.ControlPlaneOptions;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import io.koupleless.controller.testkit.tunnel.MqttFakeBases;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * The real parts that all scenarios of this JVM share: started by the first, ended with the JVM.
 *
 * <p>The controller runs under the ServiceAccount and the rights that the chart renders, with waits
 * shortened by its settings alone.
 */
final class Stage {
    static final String ENV = "test";

    /** {@code kubectl delete --force}: nobody is waited for. */
    static final String BY_FORCE =
            """
            {"kind":"DeleteOptions","apiVersion":"v1","gracePeriodSeconds":0}
            """;

    private static final Duration UP = Duration.ofSeconds(90);
    private static final String CONTROLLER_NAMESPACE = "module-controller";
    private static final Map<String, String> SETTINGS =
            Map.ofEntries(
                    Map.entry("ENV", ENV),
                    Map.entry("CLIENT_ID", "scenarios"),
                    Map.entry("NAMESPACE", CONTROLLER_NAMESPACE),
                    Map.entry("MODULE_CONTROLLER_HEALTH_PERIOD", "3s"),
                    Map.entry("MODULE_CONTROLLER_MODULES_PERIOD", "4s"),
                    Map.entry("MODULE_CONTROLLER_QUERY_DEADLINE", "2s"),
                    Map.entry("MODULE_CONTROLLER_SILENCE_NOT_READY_AFTER", "11s"),
                    Map.entry("MODULE_CONTROLLER_SILENCE_DELETE_AFTER", "40s"),
                    Map.entry("MODULE_CONTROLLER_BACKOFF_FIRST", "2s"),
                    Map.entry("MODULE_CONTROLLER_METASPACE_REINSTALLS_PER_HOUR", "3"),
                    Map.entry("MODULE_CONTROLLER_INSTALL_DEADLINE", "20s"),
                    Map.entry("MODULE_CONTROLLER_PODS_LIST_PERIOD", "3s"),
                    Map.entry("MODULE_CONTROLLER_PODS_ORPHAN_GRACE", "5s"));

    private static final class Holder {
        static final Stage STAGE = new Stage();
    }

    private final Path directory;
    private final Samples samples = Samples.find();
    private final ControlPlane controlPlane;
    private final EmbeddedBroker broker;
    private final ControllerProcess controller;
    private final List<SampleBase> bases;

    static Stage get() {
        return Holder.STAGE;
    }

    private Stage() {
        try {
            directory =
                    Files.createDirectories(
                            Path.of("target", "scenarios-" + ProcessHandle.current().pid())
                                    .toAbsolutePath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        controlPlane = ControlPlane.start(ControlPlaneOptions.defaults());
        broker = EmbeddedBroker.start(BrokerOptions.defaults());
        bases = List.of(base("base-1"), base("base-2"));
        controller = startController();
        Runtime.getRuntime().addShutdownHook(new Thread(this::end, "end-of-scenarios"));
        bases.forEach(base -> base.awaitUp(UP));
        bases.forEach(base -> cluster().awaitNode(nodeName(base), Conditions::ready));
    }

    private SampleBase base(String identity) {
        return SampleBase.start(
                SampleBaseOptions.of(identity, brokerAddress(), directory)
                        .metadata(BaseMetadata.of(identity).inEnv(ENV)));
    }

    private ControllerProcess startController() {
        ClusterUser admin = controlPlane.admin();
        admin.apply(ChartRbac.render(CONTROLLER_NAMESPACE));
        Path kubeconfig =
                controlPlane.writeKubeconfig(
                        directory.resolve("controller.kubeconfig"),
                        admin.token(CONTROLLER_NAMESPACE, ChartRbac.SERVICE_ACCOUNT),
                        CONTROLLER_NAMESPACE);
        ControllerProcess process =
                ControllerProcess.start(
                        new ControllerProcess.Setup(
                                jar(), kubeconfig, brokerAddress(), directory, SETTINGS));
        process.awaitReady(UP);
        return process;
    }

    private static Path jar() {
        return Path.of("target", "controller-app-0.1.0-SNAPSHOT.jar");
    }

    private void end() {
        controller.close();
        bases.forEach(SampleBase::close);
        broker.close();
        controlPlane.close();
    }

    /** Takes what scenarios write; stays for the reader of a failure. */
    Path directory() {
        return directory;
    }

    static String nodeName(SampleBase base) {
        return "vnode." + base.identity() + "." + ENV;
    }

    BrokerAddress brokerAddress() {
        return new BrokerAddress(broker.host(), broker.port());
    }

    ClusterUser cluster() {
        return controlPlane.admin();
    }

    EmbeddedBroker broker() {
        return broker;
    }

    /** A connection for bases that are played at the wire. */
    MqttFakeBases fakeBases() {
        return MqttFakeBases.connect("tcp://" + broker.host() + ":" + broker.port(), ENV);
    }

    ControllerProcess controller() {
        return controller;
    }

    SampleBase base(int number) {
        return bases.get(number - 1);
    }

    /** A base of its own for a scenario that ends it; no Deployment of the samples wants it. */
    SampleBase anotherBase(String identity, String... flags) {
        SampleBase base =
                SampleBase.start(
                        SampleBaseOptions.of(identity, brokerAddress(), directory)
                                .metadata(
                                        BaseMetadata.of(identity)
                                                .inEnv(ENV)
                                                .named("guest", "1.0.0"))
                                .with(flags));
        base.awaitUp(UP);
        cluster().awaitNode(nodeName(base), Conditions::ready);
        return base;
    }

    /** A manifest of the samples for this environment. */
    String manifest(String file) {
        return samples.modules()
                .fillIn(samples.manifest(file))
                .replace("value: dev", "value: " + ENV);
    }

    String moduleUrl(String name, String version) {
        return samples.modules().url(name, version);
    }
}
