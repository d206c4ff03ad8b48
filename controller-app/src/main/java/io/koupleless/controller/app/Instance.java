package io.koupleless.controller.app;

import io.koupleless.controller.app.settings.ControllerProperties;
import io.koupleless.controller.app.settings.RefusedStartException;
import java.net.InetAddress;
import java.net.UnknownHostException;

/**
 * This controller among others.
 *
 * @param identity in Leases and to the broker
 * @param version of this program
 */
record Instance(String identity, String version) {

    static Instance of(ControllerProperties settings, String version) {
        String identity = settings.identity();
        return new Instance(identity.isBlank() ? hostName() : identity, version);
    }

    private static String hostName() {
        try {
            return InetAddress.getLocalHost().getHostName();
        } catch (UnknownHostException e) {
            throw new RefusedStartException(
                    "This machine cannot tell its host name, and no identity is set.",
                    "Set module-controller.identity (CLIENT_ID).");
        }
    }
}
