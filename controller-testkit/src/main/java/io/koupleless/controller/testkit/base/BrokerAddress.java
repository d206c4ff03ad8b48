package io.koupleless.controller.testkit.base;

/** Where a base finds its broker, and as whom; arklet insists on a user and a password. */
public record BrokerAddress(String host, int port, String user, String password) {
    /** For a broker that lets everybody in. */
    public BrokerAddress(String host, int port) {
        this(host, port, "base", "base");
    }
}
