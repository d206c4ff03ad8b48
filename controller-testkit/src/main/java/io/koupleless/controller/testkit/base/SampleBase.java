package io.koupleless.controller.testkit.base;

import io.koupleless.controller.testkit.process.ChildProcess;
import io.koupleless.controller.testkit.process.Directories;
import io.koupleless.controller.testkit.process.JavaCommand;
import io.koupleless.controller.testkit.process.Launch;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.awaitility.Awaitility;

/** A real Koupleless base: a JVM of its own with arklet inside, reached over MQTT or HTTP. */
public final class SampleBase implements AutoCloseable {
    private static final String TUNNEL = "io.koupleless.controller.samples.base.MqttTunnel";

    private final SampleBaseOptions options;
    private final Path temporary;
    private final Launch launch;
    private ChildProcess process;

    private SampleBase(SampleBaseOptions options, Path jar) {
        this.options = options;
        this.temporary = options.directory().resolve("tmp-" + identity());
        this.launch = new Launch(identity(), log(), command(jar));
        this.process = launch();
    }

    /** Returns as soon as the JVM is there; {@link #awaitUp} waits until it serves. */
    public static SampleBase start(SampleBaseOptions options) {
        return new SampleBase(options, Samples.find().baseJar());
    }

    public String identity() {
        return options.metadata().identity();
    }

    /** Whether it announces itself to a broker; it answers over HTTP in any case. */
    public boolean isOverMqtt() {
        return options.broker().isPresent();
    }

    /** Where arklet takes commands over HTTP. */
    public int arkletPort() {
        return options.ports().arklet();
    }

    public SampleBaseOptions options() {
        return options;
    }

    public Path log() {
        return options.directory().resolve(identity() + ".log");
    }

    public ChildProcess process() {
        return process;
    }

    /** Where it serves the pages of a module: {@code webUrl() + "/biz1/"}. */
    public String webUrl() {
        return "http://127.0.0.1:" + options.ports().web();
    }

    /** Waits until the base serves web pages, which is after arklet's start. */
    public void awaitUp(Duration limit) {
        Awaitility.await(identity() + " is up")
                .atMost(limit)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(100))
                .until(() -> {
                    process.requireAlive();
                    return WebPage.isServed(webUrl());
                });
    }

    /** Whether it serves web pages now. */
    public boolean isServing() {
        return WebPage.isServed(webUrl());
    }

    /** The text of a page, if the base serves it now. */
    public Optional<String> page(String path) {
        return WebPage.read(webUrl() + path);
    }

    /** What arklet itself says is installed now, such as {@code biz1:1.0.0}; asked over HTTP. */
    public List<String> modules() {
        return ArkletPort.modules(arkletPort());
    }

    /** SIGKILL: it can say goodbye to nobody. */
    public void kill() {
        process.kill();
    }

    /** SIGTERM. */
    public void stop() {
        process.close();
    }

    /** After {@link #kill} or {@link #stop}: a new JVM, same identity and ports. */
    public void start() {
        if (process.isAlive()) {
            throw new IllegalStateException(identity() + " runs already");
        }
        process = launch();
    }

    /** SIGKILL and a new JVM. */
    public void restart() {
        kill();
        start();
    }

    /** SIGSTOP: silent, though its connections stay. */
    public void pause() {
        process.pause();
    }

    public void resume() {
        process.resume();
    }

    @Override
    public void close() {
        process.close();
        Directories.delete(temporary);
    }

    private ChildProcess launch() {
        Directories.delete(temporary);
        Directories.create(temporary);
        return ChildProcess.start(launch);
    }

    private List<String> command(Path jar) {
        BaseMetadata metadata = options.metadata();
        List<String> command = new ArrayList<>();
        command.add(JavaCommand.path());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-XX:MaxMetaspaceSize=256m",
                        "-Djava.io.tmpdir=" + temporary,
                        "-Dcom.alipay.sofa.ark.biz.dir=" + temporary.resolve("modules"),
                        "-Dsofa.ark.telnet.server.enable=false",
                        "-Dsofa.ark.auto.uninstall.when.failed.enable=false",
                        "-Dsofa.ark.activate.multi.biz.version.enable=true",
                        "-Dserver.address=127.0.0.1",
                        "-Dserver.port=" + options.ports().web(),
                        "-Dkoupleless.arklet.http.port=" + options.ports().arklet()));
        command.addAll(
                List.of(
                        "-Dbase.identity=" + metadata.identity(),
                        "-Dbase.name=" + metadata.name(),
                        "-Dbase.version=" + metadata.version(),
                        "-Dbase.cluster-name=" + metadata.clusterName(),
                        "-Dbase.env=" + metadata.env(),
                        "-Dbase.ip=127.0.0.1",
                        "-Dbase.host-name=" + metadata.identity()));
        options.broker().ifPresent(broker -> command.addAll(overMqtt(broker)));
        command.addAll(options.jvmFlags());
        command.addAll(List.of("-jar", jar.toString()));
        return command;
    }

    private static List<String> overMqtt(BrokerAddress broker) {
        return List.of(
                "-Dkoupleless.arklet.custom.tunnel.classname=" + TUNNEL,
                "-Dkoupleless.arklet.mqtt.enable=true",
                "-Dkoupleless.arklet.mqtt.broker=" + broker.host(),
                "-Dkoupleless.arklet.mqtt.port=" + broker.port(),
                "-Dkoupleless.arklet.mqtt.username=" + broker.user(),
                "-Dkoupleless.arklet.mqtt.password=" + broker.password(),
                "-Dkoupleless.arklet.mqtt.client.prefix=base");
    }
}
