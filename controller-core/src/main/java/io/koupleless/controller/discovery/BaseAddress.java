package io.koupleless.controller.discovery;

/**
 * Where arklet listens.
 *
 * @param ip an IPv4 or IPv6 literal, without brackets
 * @param port 1 to 65535
 */
public record BaseAddress(String ip, int port) {
    @Override
    public String toString() {
        return (ip.contains(":") ? "[" + ip + "]" : ip) + ":" + port;
    }
}
