package io.koupleless.controller.app.settings;

import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.node.LabelValue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.springframework.util.unit.DataSize;
import org.springframework.validation.Errors;
import org.springframework.validation.Validator;

/** Which settings make sense, alone and together. */
public final class SettingsRules implements Validator {
    private static final Pattern DNS_LABEL = Pattern.compile("[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?");
    private static final Pattern QUANTITY =
            Pattern.compile("[0-9]+(\\.[0-9]+)?([KMGTPE]i|[kMGTPE])?");
    private static final Pattern HOST = Pattern.compile("[A-Za-z0-9._:%\\[\\]-]+");

    /** A number without a unit means milliseconds, which nobody wants. */
    private static final Duration SHORTEST = Duration.ofMillis(100);

    /** The JDK's client would not wait any longer for the base's consent. */
    private static final Duration LONGEST_DIAL = Duration.ofSeconds(4);

    private static final long LARGEST_MQTT_MESSAGE = 268_435_455;

    @Override
    public boolean supports(Class<?> type) {
        return type == ControllerProperties.class;
    }

    /**
     * Takes all or nothing.
     *
     * @throws InvalidSettingsException with every problem
     */
    @Override
    public void validate(Object target, Errors errors) {
        List<Problem> problems = problems((ControllerProperties) target);
        if (!problems.isEmpty()) {
            throw new InvalidSettingsException(problems);
        }
    }

    static List<Problem> problems(ControllerProperties settings) {
        Findings findings = new Findings();
        identity(settings, findings);
        times(settings, findings);
        lease(settings.lease(), findings);
        limits(settings, findings);
        nodes(settings.nodes(), findings);
        peers(settings.peers(), findings);
        findings.time("baseline.unwanted-grace", settings.baseline().unwantedGrace());
        findings.notNegative("base-pods.ready-delay", settings.basePods().readyDelay());
        kubernetes(settings.kubernetes(), findings);
        mqtt(settings.mqtt(), findings);
        http(settings.http(), findings);
        return findings.problems;
    }

    private static void identity(ControllerProperties settings, Findings findings) {
        String env = settings.env();
        findings.require(
                DNS_LABEL.matcher(env.toLowerCase(Locale.ROOT)).matches(),
                "env",
                env,
                "must be a DNS label: up to 63 letters, digits and dashes, e.g. dev");
        findings.require(
                DNS_LABEL.matcher(settings.namespace()).matches(),
                "namespace",
                settings.namespace(),
                "must be the name of a namespace, e.g. default");
        findings.require(
                List.of(TunnelProfiles.MQTT, TunnelProfiles.HTTP).contains(settings.prefer()),
                "prefer",
                settings.prefer(),
                "must be mqtt or http");
        findings.require(
                settings.identity().chars().allMatch(c -> c > ' ' && c < 127)
                        && settings.identity().length() <= 128,
                "identity",
                settings.identity(),
                "must be up to 128 letters, digits and signs, e.g. module-controller");
    }

    private static void times(ControllerProperties settings, Findings findings) {
        findings.time("record-retention", settings.recordRetention());
        findings.time("stuck-after", settings.stuckAfter());
        findings.time("health.period", settings.health().period());
        findings.time("modules.period", settings.modules().period());
        findings.time("query.deadline", settings.query().deadline());
        findings.time("install.deadline", settings.install().deadline());
        findings.time("uninstall.deadline", settings.uninstall().deadline());
        ControllerProperties.Silence silence = settings.silence();
        findings.time("silence.not-ready-after", silence.notReadyAfter());
        findings.longer(
                "silence.not-ready-after",
                silence.notReadyAfter(),
                "health.period",
                settings.health().period());
        findings.longer(
                "silence.delete-after",
                silence.deleteAfter(),
                "silence.not-ready-after",
                silence.notReadyAfter());
        findings.time("conflict.window", settings.conflict().window());
        ControllerProperties.Backoff backoff = settings.backoff();
        findings.time("backoff.first", backoff.first());
        findings.require(
                backoff.most().compareTo(backoff.first()) >= 0,
                "backoff.most",
                text(backoff.most()),
                "must not be shorter than module-controller.backoff.first (%s)"
                        .formatted(text(backoff.first())));
        findings.time("backoff.reset-after", backoff.resetAfter());
        findings.notNegative("pods.creating-delay", settings.pods().creatingDelay());
        findings.time("pods.orphan-grace", settings.pods().orphanGrace());
        findings.time("pods.list-period", settings.pods().listPeriod());
    }

    private static void lease(ControllerProperties.Lease lease, Findings findings) {
        findings.time("lease.renew", lease.renew());
        findings.time("lease.margin", lease.margin());
        String duration = text(lease.duration());
        findings.require(
                lease.duration().toNanosPart() == 0,
                "lease.duration",
                duration,
                "must be whole seconds, e.g. 40s");
        findings.require(
                lease.renew().multipliedBy(3).compareTo(lease.duration()) <= 0,
                "lease.duration",
                duration,
                "must be at least 3 times module-controller.lease.renew (%s)"
                        .formatted(text(lease.renew())));
        findings.require(
                lease.margin().compareTo(lease.duration().minus(lease.renew())) < 0,
                "lease.margin",
                text(lease.margin()),
                "must be shorter than lease.duration - lease.renew (%s)"
                        .formatted(text(lease.duration().minus(lease.renew()))));
    }

    private static void limits(ControllerProperties settings, Findings findings) {
        findings.range("commands.unanswered", settings.commands().unanswered(), 1, 1_000);
        findings.range("metaspace.stop-percent", settings.metaspace().stopPercent(), 1, 100);
        findings.range("metaspace.clear-percent", settings.metaspace().clearPercent(), 1, 100);
        findings.require(
                QUANTITY.matcher(settings.metaspace().reserved()).matches(),
                "metaspace.reserved",
                settings.metaspace().reserved(),
                "must be a quantity, e.g. 64Mi");
        findings.range(
                "metaspace.reinstalls-per-hour",
                settings.metaspace().reinstallsPerHour(),
                1,
                10_000);
        findings.range("capacity.pods", settings.capacity().pods(), 1, 1_000_000);
        findings.range("capacity.cpu-overcommit", settings.capacity().cpuOvercommit(), 1, 1_000);
        findings.range("probes.concurrency", settings.probes().concurrency(), 1, 10_000);
        findings.range("probes.per-base", settings.probes().perBase(), 1, 1_000);
        findings.range("probes.base-port", settings.probes().basePort(), 0, 65_535);
        findings.require(
                QUANTITY.matcher(settings.capacity().unlimitedMemory()).matches(),
                "capacity.unlimited-memory",
                settings.capacity().unlimitedMemory(),
                "must be a quantity, e.g. 4Gi");
    }

    private static void nodes(ControllerProperties.Nodes nodes, Findings findings) {
        nodes.carriedPrefixes()
                .forEach(prefix ->
                        findings.require(
                                CarriedKeys.acceptable(prefix),
                                "nodes.carried-prefixes",
                                prefix,
                                "must begin with a domain and a slash, e.g. example.com/, and not be"
                                        + " kubernetes.io, k8s.io or a domain of this controller"));
        label("nodes.zone", nodes.zone(), findings);
        label("nodes.region", nodes.region(), findings);
    }

    private static void label(String name, String value, Findings findings) {
        findings.require(
                LabelValue.of(value).equals(value),
                name,
                value,
                "must be a label value: up to 63 letters, digits, dashes, underscores and dots");
    }

    private static void peers(ControllerProperties.Peers peers, Findings findings) {
        findings.notNegative("peers.not-ready-grace", peers.notReadyGrace());
        findings.notNegative("peers.quiet-after-start", peers.quietAfterStart());
        findings.range("peers.brake-percent", peers.brakePercent(), 1, 100);
    }

    private static void kubernetes(KubernetesProperties kubernetes, Findings findings) {
        findings.range("kubernetes.concurrency", kubernetes.concurrency(), 1, 1_000);
        findings.time("kubernetes.read-timeout", kubernetes.readTimeout());
        findings.require(
                kubernetes.callTimeout().compareTo(kubernetes.readTimeout()) >= 0,
                "kubernetes.call-timeout",
                text(kubernetes.callTimeout()),
                "must not be shorter than module-controller.kubernetes.read-timeout (%s)"
                        .formatted(text(kubernetes.readTimeout())));
        findings.time("kubernetes.ping-interval", kubernetes.pingInterval());
        findings.time("kubernetes.write-retry", kubernetes.writeRetry());
        findings.time("kubernetes.stale-after", kubernetes.staleAfter());
    }

    private static void mqtt(MqttProperties mqtt, Findings findings) {
        findings.require(
                HOST.matcher(mqtt.host()).matches(),
                "mqtt.host",
                mqtt.host(),
                "must be a host name or address, without scheme and port");
        findings.range("mqtt.port", mqtt.port(), 1, 65_535);
        findings.seconds("mqtt.keep-alive", mqtt.keepAlive());
        findings.seconds("mqtt.connect-timeout", mqtt.connectTimeout());
        findings.seconds("mqtt.max-reconnect-delay", mqtt.maxReconnectDelay());
        findings.range("mqtt.window", mqtt.window(), 1, 32_768);
        long payload = mqtt.maxPayload().toBytes();
        findings.require(
                payload >= 1_024 && payload <= LARGEST_MQTT_MESSAGE,
                "mqtt.max-payload",
                mqtt.maxPayload().toString(),
                "must be 1KB to 255MB, e.g. 1MB");
        findings.time("mqtt.retained-quiet", mqtt.retainedQuiet());
        findings.require(
                (mqtt.tls().clientCertPath() == null) == (mqtt.tls().clientKeyPath() == null),
                mqtt.tls().clientCertPath() == null
                        ? "mqtt.tls.client-cert-path"
                        : "mqtt.tls.client-key-path",
                "",
                "client-cert-path and client-key-path go together: set both or none");
    }

    private static void http(HttpProperties http, Findings findings) {
        findings.range("http.port", http.port(), -1, 65_535);
        findings.require(
                !http.requireToken() || http.tokenFile() != null,
                "http.require-token",
                "true",
                "needs module-controller.http.token-file");
        findings.bytes("http.max-body", http.maxBody(), "64KB");
        findings.time("http.patience", http.patience());
        findings.range("http.max-connections", http.maxConnections(), 1, 1_000_000);
        findings.range("http.requests-per-second", http.requestsPerSecond(), 1, 1_000_000);
        findings.time("http.dns-period", http.dnsPeriod());
        findings.time("http.poll-period", http.pollPeriod());
        findings.require(
                http.dialTimeout().compareTo(SHORTEST) >= 0
                        && http.dialTimeout().compareTo(LONGEST_DIAL) <= 0,
                "http.dial-timeout",
                text(http.dialTimeout()),
                "must be 100ms to 4s");
        findings.range("http.dials", http.dials(), 1, 100);
        findings.range("http.changes-per-base", http.changesPerBase(), 1, 100);
        findings.bytes("http.max-answer", http.maxAnswer(), "8MB");
        findings.range("http.pods.port", http.pods().port(), 1, 65_535);
    }

    static String text(Duration time) {
        return time.toNanosPart() == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
    }

    private static final class Findings {
        private final List<Problem> problems = new ArrayList<>();

        private void require(boolean good, String name, String value, String fix) {
            if (!good) {
                problems.add(new Problem(ControllerProperties.PREFIX + "." + name, value, fix));
            }
        }

        private void range(String name, int value, int least, int most) {
            require(
                    value >= least && value <= most,
                    name,
                    Integer.toString(value),
                    "must be %d to %d".formatted(least, most));
        }

        private void time(String name, Duration value) {
            require(
                    value.compareTo(SHORTEST) >= 0,
                    name,
                    text(value),
                    "must be a time with its unit, 100ms at least, e.g. 30s or 2m");
        }

        private void notNegative(String name, Duration value) {
            require(!value.isNegative(), name, text(value), "must not be < 0");
        }

        private void bytes(String name, DataSize value, String example) {
            require(
                    value.toBytes() >= 1_024 && value.toBytes() <= Integer.MAX_VALUE,
                    name,
                    value.toString(),
                    "must be 1KB to 2GB, e.g. " + example);
        }

        private void seconds(String name, Duration value) {
            require(
                    value.compareTo(Duration.ofSeconds(1)) >= 0
                            && value.compareTo(Duration.ofHours(1)) <= 0,
                    name,
                    text(value),
                    "must be 1s to 1h");
        }

        private void longer(String name, Duration value, String other, Duration than) {
            require(
                    value.compareTo(than) > 0,
                    name,
                    text(value),
                    "must be longer than %s.%s (%s)"
                            .formatted(ControllerProperties.PREFIX, other, text(than)));
        }
    }
}
