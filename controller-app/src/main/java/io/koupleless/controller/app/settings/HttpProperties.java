package io.koupleless.controller.app.settings;

import io.koupleless.controller.kube.BasePodSettings;
import io.koupleless.controller.node.CarriedKeys;
import io.koupleless.controller.tunnel.http.HttpSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.util.unit.DataSize;

/**
 * The tunnel of profile http.
 *
 * @param host Address that heartbeats come in at; empty for all.
 * @param port Port that heartbeats come in at; -1 takes none, bases are only looked for.
 * @param tokenFile File of tokens, one a line, that heartbeats may carry; read again when it
 *     changes.
 * @param requireToken Whether heartbeats without a token are refused.
 * @param trustedCidrs Networks whose addresses a heartbeat without a token may name beside its
 *     sender's own.
 * @param allowLoopback Whether bases may be on this machine (127.0.0.0/8, ::1).
 * @param maxBody Largest heartbeat.
 * @param patience With a sender that sends nothing.
 * @param maxConnections Of heartbeats at a time.
 * @param requestsPerSecond From one address.
 * @param bases Bases at fixed addresses, as host:port.
 * @param dns Names whose every address is a base, as name:port; a headless Service, for example.
 * @param dnsPeriod Between two look-ups of the names.
 * @param pollPeriod Between two questions to a base that nothing else is heard of.
 * @param dialTimeout For a connection to a base whose answer shows that it takes a command.
 * @param dials Attempts at such a connection before a base counts as away.
 * @param changesPerBase Installs and uninstalls under way on one base; each blocks one of the
 *     threads that answer, of which a base has two for each processor.
 * @param maxAnswer Largest answer of a base.
 */
public record HttpProperties(
        @DefaultValue("") String host,
        @DefaultValue("7777") int port,
        @Nullable Path tokenFile,
        @DefaultValue("false") boolean requireToken,
        @DefaultValue List<String> trustedCidrs,
        @DefaultValue("false") boolean allowLoopback,
        @DefaultValue("64KB") DataSize maxBody,
        @DefaultValue("5s") Duration patience,
        @DefaultValue("4096") int maxConnections,
        @DefaultValue("500") int requestsPerSecond,
        @DefaultValue List<String> bases,
        @DefaultValue List<String> dns,
        @DefaultValue("30s") Duration dnsPeriod,
        @DefaultValue("10s") Duration pollPeriod,
        @DefaultValue("500ms") Duration dialTimeout,
        @DefaultValue("6") int dials,
        @DefaultValue("2") int changesPerBase,
        @DefaultValue("8MB") DataSize maxAnswer,
        @DefaultValue Pods pods) {

    /**
     * Bases that are Pods of this cluster.
     *
     * @param selector Labels of Pods that run a base, as kubectl takes them; empty looks for none.
     * @param namespace Namespace of these Pods; empty for all.
     * @param port Where arklet listens in a Pod that does not say.
     * @param clusterName Cluster name of a base whose Pod does not say.
     */
    public record Pods(
            @DefaultValue("") String selector,
            @DefaultValue("") String namespace,
            @DefaultValue("1238") int port,
            @DefaultValue("default") String clusterName) {

        /** Empty when no base is looked for among Pods. */
        public Optional<BasePodSettings> toSettings(String env, CarriedKeys carried) {
            return selector.isBlank()
                    ? Optional.empty()
                    : Optional.of(
                            new BasePodSettings(
                                    env,
                                    selector,
                                    Optional.of(namespace).filter(name -> !name.isBlank()),
                                    port,
                                    clusterName,
                                    carried));
        }
    }

    /**
     * What the tunnel wants to know.
     *
     * @throws IllegalArgumentException if a value makes no sense
     */
    public HttpSettings toSettings() {
        HttpSettings defaults = HttpSettings.defaults();
        HttpSettings.Client client = defaults.client();
        HttpSettings.Discovery discovery = defaults.discovery();
        return new HttpSettings(
                new HttpSettings.Receiver(
                        host,
                        port,
                        Math.toIntExact(maxBody.toBytes()),
                        patience,
                        maxConnections,
                        requestsPerSecond),
                new HttpSettings.Client(
                        dialTimeout,
                        dials,
                        Math.max(client.connectionsPerBase(), changesPerBase + 2),
                        changesPerBase,
                        client.waitingPerBase(),
                        Math.toIntExact(maxAnswer.toBytes()),
                        client.failuresToOpen(),
                        client.firstPause(),
                        client.longestPause()),
                new HttpSettings.Trust(tokenFile, requireToken, trustedCidrs, allowLoopback),
                new HttpSettings.Discovery(
                        pollPeriod,
                        shorter(discovery.answerTimeout(), pollPeriod),
                        discovery.firstRetry(),
                        discovery.slowestRetry(),
                        discovery.forgetAfter(),
                        discovery.maxBases()));
    }

    private static Duration shorter(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }
}
