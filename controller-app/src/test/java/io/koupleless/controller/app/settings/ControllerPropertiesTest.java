package io.koupleless.controller.app.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.koupleless.controller.ControllerSettings;
import io.koupleless.controller.WorkloadSettings;
import io.koupleless.controller.kube.KubeClientSettings;
import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.node.Place;
import io.koupleless.controller.peers.PeerSettings;
import io.koupleless.controller.tunnel.mqtt.MqttSettings;
import io.koupleless.controller.tunnel.mqtt.MqttVersion;
import io.koupleless.controller.vnode.VNodeSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.bind.UnboundConfigurationPropertiesException;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class ControllerPropertiesTest {
    private final ApplicationContextRunner runner =
            new ApplicationContextRunner().withUserConfiguration(SettingsConfiguration.class);

    @Test
    void theDefaultsAreThoseOfTheCore() {
        runner.run(context -> {
            ControllerProperties settings = context.getBean(ControllerProperties.class);
            assertThat(settings.toSettings("me", "1"))
                    .isEqualTo(
                            new ControllerSettings(
                                    "default",
                                    "1",
                                    false,
                                    new VNodeSettings(
                                            "me",
                                            "dev",
                                            VNodeSettings.Times.defaults(),
                                            VNodeSettings.Limits.defaults()),
                                    new WorkloadSettings(true, false, PeerSettings.defaults()),
                                    "base.koupleless.io/name",
                                    Duration.ofHours(24),
                                    Duration.ofMinutes(3),
                                    Duration.ofMinutes(1)));
            assertThat(settings.kubernetes().toSettings("1"))
                    .isEqualTo(KubeClientSettings.DEFAULTS.withUserAgent("module-controller/1"));
            assertThat(settings.kubernetes().kubeconfig()).isNull();
            assertThat(settings.mqtt().toSettings("dev", "me"))
                    .isEqualTo(
                            new MqttSettings(
                                    "dev",
                                    new MqttSettings.Broker("localhost", 1883, MqttVersion.V3_1_1),
                                    new MqttSettings.Login("koupleless", "me", "", ""),
                                    null,
                                    MqttSettings.Limits.defaults()));
        });
    }

    @Test
    void everySettingArrives() {
        runner.withPropertyValues(
                        "module-controller.identity=a",
                        "module-controller.env=Prod",
                        "module-controller.namespace=ns",
                        "module-controller.nodes.carried-prefixes=example.com/,a.b/c-",
                        "module-controller.nodes.zone=z",
                        "module-controller.nodes.region=r",
                        "module-controller.metaspace.clear-percent=2",
                        "module-controller.metaspace.refuse-installs=true",
                        "module-controller.metaspace.reserved=32Mi",
                        "module-controller.modules.orphans=leave",
                        "module-controller.record-retention=1d",
                        "module-controller.stuck-after=2m",
                        "module-controller.lease.renew=1s",
                        "module-controller.lease.duration=4s",
                        "module-controller.lease.margin=500ms",
                        "module-controller.health.period=2s",
                        "module-controller.modules.period=3s",
                        "module-controller.query.deadline=4s",
                        "module-controller.install.deadline=5s",
                        "module-controller.uninstall.deadline=6s",
                        "module-controller.silence.not-ready-after=7s",
                        "module-controller.silence.delete-after=8s",
                        "module-controller.conflict.window=23s",
                        "module-controller.prefer=http",
                        "module-controller.backoff.first=9s",
                        "module-controller.backoff.most=10s",
                        "module-controller.backoff.reset-after=11s",
                        "module-controller.pods.creating-delay=0s",
                        "module-controller.pods.orphan-grace=12s",
                        "module-controller.pods.list-period=13s",
                        "module-controller.pods.without-label=true",
                        "module-controller.commands.unanswered=1",
                        "module-controller.metaspace.reinstalls-per-hour=2",
                        "module-controller.metaspace.stop-percent=3",
                        "module-controller.capacity.pods=4",
                        "module-controller.capacity.cpu-overcommit=5",
                        "module-controller.capacity.unlimited-memory=512Mi",
                        "module-controller.probes.concurrency=61",
                        "module-controller.probes.per-base=62",
                        "module-controller.probes.base-port=63",
                        "module-controller.probes.any-host=true",
                        "module-controller.baseline.workloads=false",
                        "module-controller.baseline.unwanted-grace=23s",
                        "module-controller.base-pods.ready-delay=24s",
                        "module-controller.base-pods.selector=app=base",
                        "module-controller.peers.enabled=true",
                        "module-controller.peers.not-ready-grace=25s",
                        "module-controller.peers.quiet-after-start=26s",
                        "module-controller.peers.brake-percent=27",
                        "module-controller.kubernetes.kubeconfig=/kube/config",
                        "module-controller.kubernetes.concurrency=6",
                        "module-controller.kubernetes.read-timeout=14s",
                        "module-controller.kubernetes.call-timeout=15s",
                        "module-controller.kubernetes.ping-interval=16s",
                        "module-controller.kubernetes.write-retry=17s",
                        "module-controller.kubernetes.stale-after=18s",
                        "module-controller.mqtt.host=broker",
                        "module-controller.mqtt.port=2",
                        "module-controller.mqtt.version=v5",
                        "module-controller.mqtt.username=user",
                        "module-controller.mqtt.password=s3cret",
                        "module-controller.mqtt.client-prefix=prefix",
                        "module-controller.mqtt.tls.ca-path=/ca",
                        "module-controller.mqtt.tls.client-cert-path=/cert",
                        "module-controller.mqtt.tls.client-key-path=/key",
                        "module-controller.mqtt.tls.verify=false",
                        "module-controller.mqtt.keep-alive=19s",
                        "module-controller.mqtt.connect-timeout=20s",
                        "module-controller.mqtt.max-reconnect-delay=21s",
                        "module-controller.mqtt.window=7",
                        "module-controller.mqtt.max-payload=2KB",
                        "module-controller.mqtt.retained-quiet=22s")
                .run(context -> {
                    ControllerProperties settings = context.getBean(ControllerProperties.class);
                    assertThat(settings.identity()).isEqualTo("a");
                    assertThat(settings.prefer()).isEqualTo("http");
                    assertThat(settings.toSettings("a", "1")).isEqualTo(core());
                    assertThat(settings.kubernetes().kubeconfig())
                            .isEqualTo(Path.of("/kube/config"));
                    assertThat(settings.kubernetes().toSettings("1"))
                            .isEqualTo(
                                    new KubeClientSettings(
                                            6,
                                            seconds(14),
                                            seconds(15),
                                            seconds(16),
                                            "module-controller/1"));
                    assertThat(settings.mqtt().toSettings("Prod", "a")).isEqualTo(mqtt());
                });
    }

    private static ControllerSettings core() {
        return new ControllerSettings(
                "ns",
                "1",
                true,
                new VNodeSettings(
                        "a",
                        "Prod",
                        new VNodeSettings.Times(
                                seconds(1),
                                seconds(4),
                                Duration.ofMillis(500),
                                seconds(2),
                                seconds(3),
                                seconds(4),
                                seconds(5),
                                seconds(6),
                                seconds(7),
                                seconds(8),
                                seconds(9),
                                seconds(10),
                                seconds(11),
                                Duration.ZERO,
                                seconds(12),
                                seconds(13),
                                seconds(23),
                                seconds(17)),
                        new VNodeSettings.Limits(1, 2, 3, 4, 5, "512Mi"),
                        new VNodeSettings.Nodes(
                                new CarriedKeys(List.of("example.com/", "a.b/c-")),
                                new Place("z", "r")),
                        new VNodeSettings.Metaspace(2, true, 32 << 20),
                        VNodeSettings.Orphans.LEAVE,
                        new VNodeSettings.Probing(61, 62, 63, true),
                        new VNodeSettings.BaseStart(seconds(23), seconds(24))),
                new WorkloadSettings(false, true, new PeerSettings(seconds(25), seconds(26), 27)),
                "app=base",
                Duration.ofDays(1),
                seconds(18),
                Duration.ofMinutes(2));
    }

    private static MqttSettings mqtt() {
        return new MqttSettings(
                "Prod",
                new MqttSettings.Broker("broker", 2, MqttVersion.V5),
                new MqttSettings.Login("prefix", "a", "user", "s3cret"),
                new MqttSettings.Tls(Path.of("/ca"), Path.of("/cert"), Path.of("/key"), false),
                new MqttSettings.Limits(
                        seconds(19), seconds(20), seconds(21), 7, 2_048, seconds(22)));
    }

    private static Duration seconds(int seconds) {
        return Duration.ofSeconds(seconds);
    }

    @ParameterizedTest
    @CsvSource({
        "env, a_b, DNS label",
        "env, '', DNS label",
        "namespace, No, namespace",
        "identity, a b, 128",
        "record-retention, 0s, 100ms",
        "stuck-after, 5, 100ms",
        "lease.renew, 14s, 3 times",
        "lease.renew, -1s, 100ms",
        "lease.duration, 40500ms, whole seconds",
        "lease.margin, 30s, shorter than",
        "health.period, 0s, 100ms",
        "modules.period, 0s, 100ms",
        "query.deadline, 0s, 100ms",
        "install.deadline, 60, 100ms",
        "uninstall.deadline, -1s, 100ms",
        "silence.not-ready-after, 10s, longer than",
        "silence.delete-after, 25s, longer than",
        "conflict.window, 0s, 100ms",
        "prefer, grpc, mqtt or http",
        "backoff.first, 0s, 100ms",
        "backoff.most, 9s, shorter than",
        "backoff.reset-after, 0s, 100ms",
        "pods.creating-delay, -1s, < 0",
        "pods.orphan-grace, 0s, 100ms",
        "pods.list-period, 0s, 100ms",
        "commands.unanswered, 0, 1 to",
        "peers.not-ready-grace, -1s, < 0",
        "peers.quiet-after-start, -1s, < 0",
        "peers.brake-percent, 0, 1 to 100",
        "baseline.unwanted-grace, 0s, 100ms",
        "base-pods.ready-delay, -1s, < 0",
        "metaspace.stop-percent, 0, 1 to 100",
        "metaspace.stop-percent, 101, 1 to 100",
        "metaspace.reinstalls-per-hour, 0, 1 to",
        "capacity.pods, 0, 1 to",
        "capacity.cpu-overcommit, 0, 1 to",
        "capacity.unlimited-memory, plenty, quantity",
        "probes.concurrency, 0, 1 to",
        "probes.per-base, 0, 1 to",
        "probes.base-port, 70000, 0 to 65535",
        "kubernetes.concurrency, 0, 1 to",
        "kubernetes.read-timeout, 0s, 100ms",
        "kubernetes.call-timeout, 9s, shorter than",
        "kubernetes.ping-interval, 0s, 100ms",
        "kubernetes.write-retry, 0s, 100ms",
        "kubernetes.stale-after, 0s, 100ms",
        "mqtt.host, tcp://broker:1883, without scheme",
        "mqtt.host, '', host name",
        "mqtt.port, 0, 1 to 65535",
        "mqtt.port, 65536, 1 to 65535",
        "mqtt.keep-alive, 500ms, 1s to 1h",
        "mqtt.connect-timeout, 2h, 1s to 1h",
        "mqtt.max-reconnect-delay, 0s, 1s to 1h",
        "mqtt.window, 0, 1 to",
        "mqtt.max-payload, 1B, 1KB",
        "mqtt.retained-quiet, 0s, 100ms",
        "mqtt.tls.client-cert-path, /cert, together"
    })
    void nonsenseIsRefused(String setting, String value, String fix) {
        runner.withPropertyValues("module-controller." + setting + "=" + value)
                .run(context -> {
                    assertThat(context).hasFailed();
                    assertThat(context.getStartupFailure())
                            .rootCause()
                            .isInstanceOf(InvalidSettingsException.class);
                    assertThat(
                                    ((InvalidSettingsException) root(context.getStartupFailure()))
                                            .problems())
                            .anySatisfy(problem -> {
                                assertThat(problem.property()).startsWith("module-controller.");
                                assertThat(problem.fix()).contains(fix);
                            });
                });
    }

    @Test
    void everyProblemIsToldAtOnce() {
        runner.withPropertyValues(
                        "module-controller.env=a_b", "module-controller.lease.duration=20s")
                .run(context ->
                        assertThat(
                                        ((InvalidSettingsException)
                                                        root(context.getStartupFailure()))
                                                .problems())
                                .extracting(Problem::property, Problem::value)
                                .isEqualTo(
                                        List.of(
                                                tuple("module-controller.env", "a_b"),
                                                tuple("module-controller.lease.duration", "20s"))));
    }

    @Test
    void aSettingThatDoesNotExistIsRefused() {
        runner.withPropertyValues("module-controller.instal.deadline=3s")
                .run(context ->
                        assertThat(context)
                                .getFailure()
                                .rootCause()
                                .isInstanceOf(UnboundConfigurationPropertiesException.class)
                                .hasMessageContaining("instal"));
    }

    @Test
    void thePasswordIsNeverPrinted() {
        runner.withPropertyValues(
                        "module-controller.mqtt.username=user",
                        "module-controller.mqtt.password=s3cret")
                .run(context -> {
                    ControllerProperties settings = context.getBean(ControllerProperties.class);
                    assertThat(settings.toString()).contains("user");
                    assertThat(settings.toString()).doesNotContain("s3cret");
                    assertThat(settings.mqtt().toSettings("dev", "me").toString())
                            .doesNotContain("s3cret");
                });
    }

    private static Throwable root(Throwable failure) {
        return failure.getCause() == null ? failure : root(failure.getCause());
    }
}
