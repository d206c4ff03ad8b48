package io.koupleless.controller.testkit.playground;

import io.koupleless.controller.testkit.base.BrokerAddress;
import io.koupleless.controller.testkit.base.WebPage;
import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.FreePorts;
import io.koupleless.controller.testkit.process.JavaCommand;
import io.koupleless.controller.testkit.process.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.awaitility.Awaitility;

/** The controller as users run it: its jar in a JVM of its own, configured by environment. */
public final class ControllerProcess implements AutoCloseable {
    private final Launch launch;
    private final int port;
    private ChildProcess process;

    private ControllerProcess(Launch launch, int port) {
        this.launch = launch;
        this.port = port;
        this.process = ChildProcess.start(launch);
    }

    /**
     * How it is started.
     *
     * @param profiles its tunnels, {@code mqtt,http} for both
     * @param broker empty without a tunnel over MQTT
     * @param directory takes its log
     * @param settings environment variables beside those of API server and broker
     */
    public record Setup(
            Path jar,
            Path kubeconfig,
            String profiles,
            Optional<BrokerAddress> broker,
            Path directory,
            Map<String, String> settings) {
        public Setup {
            settings = Map.copyOf(settings);
        }

        /** With profile {@code mqtt}. */
        public Setup(
                Path jar,
                Path kubeconfig,
                BrokerAddress broker,
                Path directory,
                Map<String, String> settings) {
            this(jar, kubeconfig, "mqtt", Optional.of(broker), directory, settings);
        }
    }

    /** Starts it; {@link #awaitReady} waits until it works. */
    public static ControllerProcess start(Setup setup) {
        int port = FreePorts.next();
        Launch launch =
                new Launch(
                                "controller",
                                setup.directory().resolve("controller.log"),
                                List.of(
                                        JavaCommand.path(),
                                        "-XX:+UseSerialGC",
                                        "-XX:+UseCompactObjectHeaders",
                                        "-XX:TieredStopAtLevel=1",
                                        "-Xmx192m",
                                        "-jar",
                                        UnpackedJar.of(setup.jar()).toString()))
                        .with("SPRING_PROFILES_ACTIVE", setup.profiles())
                        .with("KUBECONFIG", setup.kubeconfig().toAbsolutePath().toString())
                        .with("ENV", "dev")
                        .with("SERVER_PORT", Integer.toString(port));
        launch = with(launch, setup.broker().map(ControllerProcess::settings).orElse(Map.of()));
        launch = with(launch, setup.settings());
        return new ControllerProcess(launch, port);
    }

    private static Map<String, String> settings(BrokerAddress broker) {
        return Map.of(
                "MQTT_BROKER", broker.host(),
                "MQTT_PORT", Integer.toString(broker.port()),
                "MQTT_USERNAME", broker.user(),
                "MQTT_PASSWORD", broker.password());
    }

    private static Launch with(Launch launch, Map<String, String> settings) {
        Launch all = launch;
        for (Map.Entry<String, String> setting : settings.entrySet()) {
            all = all.with(setting.getKey(), setting.getValue());
        }
        return all;
    }

    public ChildProcess process() {
        return process;
    }

    public String url() {
        return "http://127.0.0.1:" + port;
    }

    /** Until its readiness probe says yes. */
    public void awaitReady(Duration limit) {
        Awaitility.await("the controller is ready")
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(200))
                .until(() -> {
                    process.requireAlive();
                    return WebPage.read(url() + "/actuator/health/readiness").isPresent();
                });
    }

    /** Whether its readiness probe says yes. */
    public boolean ready() {
        return WebPage.read(url() + "/actuator/health/readiness").isPresent();
    }

    /** SIGKILL. */
    public void kill() {
        process.kill();
    }

    /** SIGKILL and, when the process is gone, a new one with the same configuration. */
    public void restart() {
        process.kill();
        process = ChildProcess.start(launch);
    }

    @Override
    public void close() {
        process.close();
    }
}
