package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.tunnel.http.HttpSettings.Client;
import io.koupleless.controller.tunnel.http.HttpSettings.Discovery;
import io.koupleless.controller.tunnel.http.HttpSettings.Receiver;
import io.koupleless.controller.tunnel.http.HttpSettings.Trust;
import java.time.Duration;
import java.util.List;

/** Settings for bases on this machine, with a receiver on any free port. */
final class TestSettings {
    private TestSettings() {}

    static HttpSettings local() {
        return new HttpSettings(receiver(), Client.defaults(), trust(), Discovery.defaults());
    }

    static HttpSettings local(Discovery discovery) {
        return new HttpSettings(receiver(), Client.defaults(), trust(), discovery);
    }

    static Receiver receiver() {
        return new Receiver("", 0, 64 * 1_024, Duration.ofSeconds(2), 4_096, 500);
    }

    static Trust trust() {
        return new Trust(null, false, List.of(), true);
    }
}
