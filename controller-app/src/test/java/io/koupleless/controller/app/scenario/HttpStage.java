package io.koupleless.controller.app.scenario;

import io.koupleless.controller.testkit.base.BaseMetadata;
import io.koupleless.controller.testkit.base.BasePod;
import io.koupleless.controller.testkit.base.SampleBase;
import io.koupleless.controller.testkit.base.SampleBaseOptions;
import io.koupleless.controller.testkit.controlplane.PatchType;
import io.koupleless.controller.testkit.playground.ControllerProcess;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Bases that only answer: found by their Pods, but for one that is found at an address that was
 * written down. All share an IP; a tap stands before each that has a Pod.
 */
final class HttpStage extends Stage {
    private static final String LISTED = "base-listed";
    private static final SampleBaseOptions.Ports LISTED_PORTS = SampleBaseOptions.Ports.free();
    private static final Map<String, String> SETTINGS =
            Map.of(
                    "HTTP_TUNNEL_LISTEN_PORT", "-1",
                    "MODULE_CONTROLLER_HTTP_ALLOW_LOOPBACK", "true",
                    "MODULE_CONTROLLER_HTTP_POLL_PERIOD", "3s",
                    "MODULE_CONTROLLER_HTTP_PODS_SELECTOR", BasePod.SELECTOR,
                    "MODULE_CONTROLLER_HTTP_BASES", BasePod.IP + ":" + LISTED_PORTS.arklet());

    private static final class Holder {
        static final HttpStage STAGE = new HttpStage();
    }

    private final Map<SampleBase, ArkletTap> taps = new ConcurrentHashMap<>();
    private final ControllerProcess controller;

    static HttpStage get() {
        return Holder.STAGE;
    }

    private HttpStage() {
        super("scenarios-http");
        startBases();
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.putAll(Premises.LATE_RETURN);
        controller = startController("http", Optional.empty(), settings);
        awaitBases();
    }

    @Override
    void close() {
        if (controller != null) {
            controller.close();
        }
        super.close();
    }

    @Override
    String tunnel() {
        return "http_tunnel_provider";
    }

    @Override
    ControllerProcess controller() {
        return controller;
    }

    @Override
    CommandTap tap() {
        return new ArkletTaps(Map.copyOf(taps));
    }

    @Override
    SampleBaseOptions optionsOf(String identity) {
        return SampleBaseOptions.overHttp(identity, directory())
                .metadata(BaseMetadata.of(identity).inEnv(ENV));
    }

    /**
     * A base whose address the controller was told when it was started; no Deployment of the
     * samples wants it.
     */
    SampleBase listedBase() {
        SampleBaseOptions options = optionsOf(LISTED).on(LISTED_PORTS);
        return started(options.metadata(options.metadata().named("guest", "1.0.0")));
    }

    /** The Pod of a base that has one. */
    BasePod podOf(SampleBase base) {
        ArkletTap tap = taps.computeIfAbsent(base, b -> ArkletTap.before(b.arkletPort()));
        return BasePod.of(base).askedAt(tap.port());
    }

    @Override
    void introduce(SampleBase base) {
        if (!isListed(base)) {
            podOf(base).create(cluster());
        }
    }

    @Override
    void conceal(SampleBase base) {
        label(base, "null");
    }

    @Override
    void reveal(SampleBase base) {
        label(base, "\"" + base.options().metadata().name() + "\"");
    }

    private void label(SampleBase base, String name) {
        cluster()
                .patch(
                        podOf(base).path(),
                        PatchType.MERGE,
                        """
                        {"metadata": {"labels": {"base.koupleless.io/name": %s}}}
                        """
                                .formatted(name));
    }

    @Override
    void forget(SampleBase base) {
        if (!isListed(base)) {
            BasePod pod = podOf(base);
            if (cluster().find(pod.path()).isPresent()) {
                pod.deleteAtOnce(cluster());
            }
        }
        ArkletTap tap = taps.remove(base);
        if (tap != null) {
            tap.close();
        }
    }

    @Override
    String labelOf(SampleBase base) {
        int port = isListed(base) ? base.arkletPort() : podOf(base).arkletPort();
        return "base.koupleless.io/tunnel-port=" + port;
    }

    private static boolean isListed(SampleBase base) {
        return base.identity().equals(LISTED);
    }
}
