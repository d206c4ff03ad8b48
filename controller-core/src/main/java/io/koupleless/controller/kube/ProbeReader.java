package io.koupleless.controller.kube;

import io.koupleless.controller.pod.Check;
import io.koupleless.controller.pod.PreStop;
import io.koupleless.controller.pod.Probe;
import io.koupleless.controller.pod.ProbeKind;
import io.kubernetes.client.custom.IntOrString;
import io.kubernetes.client.openapi.models.V1Container;
import io.kubernetes.client.openapi.models.V1ContainerPort;
import io.kubernetes.client.openapi.models.V1HTTPGetAction;
import io.kubernetes.client.openapi.models.V1Lifecycle;
import io.kubernetes.client.openapi.models.V1LifecycleHandler;
import io.kubernetes.client.openapi.models.V1Probe;
import io.kubernetes.client.openapi.models.V1TCPSocketAction;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Reads a container's probes and its preStop hook, and finds what a base cannot do. */
final class ProbeReader {
    private static final Duration PERIOD = Duration.ofSeconds(10);
    private static final Duration TIMEOUT = Duration.ofSeconds(1);
    private static final int FAILURES = 3;
    private static final String NO_PROCESS =
            "a module has no process of its own to run a command in";

    /** What a container asks for beside its module; the message says what cannot be done. */
    static final class UnusableException extends Exception {
        private static final long serialVersionUID = 1L;

        UnusableException(String message) {
            super(message);
        }
    }

    private final V1Container container;
    private final Duration podGrace;

    /**
     * @param podGrace {@code terminationGracePeriodSeconds} of the Pod
     */
    ProbeReader(V1Container container, Duration podGrace) {
        this.container = container;
        this.podGrace = podGrace;
    }

    Map<ProbeKind, Probe> probes() throws UnusableException {
        Map<ProbeKind, Probe> probes = new EnumMap<>(ProbeKind.class);
        for (ProbeKind kind : ProbeKind.values()) {
            V1Probe probe =
                    switch (kind) {
                        case STARTUP -> container.getStartupProbe();
                        case READINESS -> container.getReadinessProbe();
                        case LIVENESS -> container.getLivenessProbe();
                    };
            if (probe != null) {
                probes.put(kind, probe(kind.field(), probe));
            }
        }
        return probes;
    }

    private Probe probe(String field, V1Probe probe) throws UnusableException {
        return new Probe(
                check(field, probe),
                seconds(probe.getInitialDelaySeconds(), Duration.ZERO),
                seconds(probe.getPeriodSeconds(), PERIOD),
                seconds(probe.getTimeoutSeconds(), TIMEOUT),
                Math.max(1, Objects.requireNonNullElse(probe.getSuccessThreshold(), 1)),
                Math.max(1, Objects.requireNonNullElse(probe.getFailureThreshold(), FAILURES)),
                seconds(probe.getTerminationGracePeriodSeconds(), podGrace));
    }

    private Check check(String field, V1Probe probe) throws UnusableException {
        V1HTTPGetAction get = probe.getHttpGet();
        if (get != null) {
            return httpGet(get);
        }
        V1TCPSocketAction tcp = probe.getTcpSocket();
        if (tcp != null) {
            return new Check.TcpSocket(PodReader.text(tcp.getHost()), port(tcp.getPort()));
        }
        String why =
                probe.getGrpc() != null
                        ? "%s is of kind grpc, which is not spoken here"
                        : "%s is of kind exec, and " + NO_PROCESS;
        throw unusable(why.formatted(field) + ": use httpGet or tcpSocket");
    }

    Optional<PreStop> preStop() throws UnusableException {
        V1Lifecycle lifecycle = container.getLifecycle();
        V1LifecycleHandler hook = lifecycle == null ? null : lifecycle.getPreStop();
        if (hook == null) {
            return Optional.empty();
        }
        if (hook.getSleep() != null) {
            Long time = hook.getSleep().getSeconds();
            return Optional.of(new PreStop.Sleep(seconds(time, Duration.ZERO)));
        }
        if (hook.getHttpGet() != null) {
            return Optional.of(new PreStop.Call(httpGet(hook.getHttpGet())));
        }
        throw unusable(
                (hook.getExec() != null
                                ? "lifecycle.preStop is of kind exec, and " + NO_PROCESS
                                : "lifecycle.preStop is of a kind that Kubernetes never runs")
                        + ": use sleep or httpGet");
    }

    private Check.HttpGet httpGet(V1HTTPGetAction get) {
        String path = PodReader.text(get.getPath());
        return new Check.HttpGet(
                "HTTPS".equalsIgnoreCase(get.getScheme()),
                PodReader.text(get.getHost()),
                port(get.getPort()),
                path.isEmpty() ? "/" : path,
                PodReader.list(get.getHttpHeaders()).stream()
                        .map(header ->
                                new Check.Header(
                                        PodReader.text(header.getName()),
                                        PodReader.text(header.getValue())))
                        .toList());
    }

    /** A name counts among the container's own ports first. */
    private Check.Port port(@Nullable IntOrString port) {
        if (port == null) {
            return new Check.PortOfBase("");
        }
        if (port.isInteger()) {
            return new Check.PortNumber(port.getIntValue());
        }
        String name = port.getStrValue();
        return PodReader.list(container.getPorts()).stream()
                .filter(named -> name.equals(named.getName()))
                .map(V1ContainerPort::getContainerPort)
                .filter(Objects::nonNull)
                .<Check.Port>map(Check.PortNumber::new)
                .findFirst()
                .orElseGet(() -> new Check.PortOfBase(name));
    }

    private UnusableException unusable(String what) {
        return new UnusableException(
                "container " + PodReader.text(container.getName()) + ": " + what);
    }

    private static Duration seconds(@Nullable Number seconds, Duration otherwise) {
        return seconds == null ? otherwise : Duration.ofSeconds(seconds.longValue());
    }
}
