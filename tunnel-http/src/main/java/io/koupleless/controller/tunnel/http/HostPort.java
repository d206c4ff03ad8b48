package io.koupleless.controller.tunnel.http;

import io.koupleless.controller.discovery.BaseAddress;
import java.net.InetAddress;

/** {@code host:port}; an IPv6 address has brackets. */
record HostPort(String host, int port) {

    static HostPort of(String text) {
        int colon = text.lastIndexOf(':');
        String host = colon < 0 ? "" : text.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw wrong(text);
        }
        try {
            int port = Integer.parseInt(text.substring(colon + 1));
            if (host.isBlank() || port < 1 || port > 65_535) {
                throw wrong(text);
            }
            return new HostPort(host, port);
        } catch (NumberFormatException e) {
            throw wrong(text);
        }
    }

    /** The address, if the host is one. */
    BaseAddress address() {
        try {
            InetAddress.ofLiteral(host);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "not an IP address (names are looked up by the DNS source): " + host, e);
        }
        return new BaseAddress(host, port);
    }

    private static IllegalArgumentException wrong(String text) {
        return new IllegalArgumentException(
                "not host:port, such as 10.0.0.1:1238 or [fd00::1]:1238: '" + text + "'");
    }
}
