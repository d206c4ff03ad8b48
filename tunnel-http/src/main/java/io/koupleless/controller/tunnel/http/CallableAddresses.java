package io.koupleless.controller.tunnel.http;

import java.net.InetAddress;
import java.util.List;
import java.util.Optional;

/**
 * Which addresses may ever be called. Whoever can name one makes us post there, so those that only
 * this machine or a cloud's metadata service answers at are out.
 */
record CallableAddresses(boolean allowLoopback) {
    private static final List<Network> METADATA =
            List.of(
                    Network.of("fd00:ec2::254"),
                    Network.of("100.100.100.200"),
                    Network.of("192.0.0.192"));
    private static final Network THIS_NETWORK = Network.of("0.0.0.0/8");

    /** Why the address must not be called; empty when it may. */
    Optional<String> refusal(String ip) {
        InetAddress address;
        try {
            address = InetAddress.ofLiteral(ip);
        } catch (IllegalArgumentException e) {
            return Optional.of("not an address");
        }
        if (address.isLoopbackAddress()) {
            return allowLoopback
                    ? Optional.empty()
                    : Optional.of("loopback addresses are not allowed");
        }
        if (address.isLinkLocalAddress()) {
            return Optional.of("link-local addresses are never called");
        }
        if (address.isAnyLocalAddress()
                || address.isMulticastAddress()
                || THIS_NETWORK.contains(address)
                || ip.equals("255.255.255.255")) {
            return Optional.of("not the address of one machine");
        }
        return METADATA.stream().anyMatch(network -> network.contains(address))
                ? Optional.of("addresses of metadata services are never called")
                : Optional.empty();
    }
}
