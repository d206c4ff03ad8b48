package io.koupleless.controller.app.settings;

import io.koupleless.controller.vnode.VNodeSettings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What settings bring about that their author may not have meant. */
public final class SettingsWarnings {
    private static final Duration DEFAULT_TOLERATION = Duration.ofSeconds(300);

    private SettingsWarnings() {}

    public static List<String> of(ControllerProperties settings) {
        List<String> warnings = new ArrayList<>();
        Duration deleteAfter = settings.silence().deleteAfter();
        if (deleteAfter.compareTo(DEFAULT_TOLERATION) > 0) {
            warnings.add(
                    "module-controller.silence.delete-after is %s, but Kubernetes evicts Pods 300s"
                                    .formatted(SettingsRules.text(deleteAfter))
                            + " after their Node is not Ready: give module Pods longer tolerations"
                            + " of node.kubernetes.io/not-ready and unreachable");
        }
        if (settings.modules().orphans() == VNodeSettings.Orphans.UNINSTALL) {
            warnings.add(
                    "module-controller.modules.orphans is uninstall: modules that no Pod asks for"
                            + " are removed from bases, whoever installed them");
        }
        return warnings;
    }

    public static List<String> of(HttpProperties http) {
        List<String> warnings = new ArrayList<>();
        if (http.port() >= 0 && !http.requireToken()) {
            warnings.add(
                    "module-controller.http.require-token is false: a heartbeat without a token"
                            + " counts if the address in it is its sender's own"
                            + (http.trustedCidrs().isEmpty()
                                    ? ""
                                    : " or in " + String.join(", ", http.trustedCidrs())));
        }
        if (http.allowLoopback()) {
            warnings.add(
                    "module-controller.http.allow-loopback is true: whoever can send heartbeats"
                            + " can have this machine's own ports called");
        }
        return warnings;
    }

    public static List<String> of(MqttProperties mqtt) {
        List<String> warnings = new ArrayList<>();
        if (!mqtt.tls().used() && mqtt.tls().clientCertPath() != null) {
            warnings.add(
                    "module-controller.mqtt.tls.client-cert-path is set, but the connection to the"
                            + " broker is not protected: set module-controller.mqtt.tls.enabled to"
                            + " true or name a ca-path (MQTT_CA_PATH)");
        }
        if (mqtt.tls().used() && !mqtt.tls().verify()) {
            warnings.add(
                    "module-controller.mqtt.tls.verify is false: any broker is believed to be"
                            + " ours");
        }
        return warnings;
    }
}
