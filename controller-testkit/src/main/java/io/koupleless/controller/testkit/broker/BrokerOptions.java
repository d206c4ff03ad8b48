package io.koupleless.controller.testkit.broker;

import io.koupleless.controller.testkit.process.FreePorts;
import java.nio.file.Path;
import java.util.Optional;

/** Where a broker listens, whom it lets in, and whether it speaks TLS too. */
public record BrokerOptions(int port, Optional<Login> login, Optional<Tls> tls) {
    /** The only user that is let in. */
    public record Login(String user, String password) {}

    /**
     * A second listener with TLS.
     *
     * @param truststore of the authorities whose client certificates are demanded, if any are
     */
    public record Tls(int port, Keystore keystore, Optional<Keystore> truststore) {}

    /** A PKCS#12 file and its password. */
    public record Keystore(Path file, String password) {}

    /** A free port, everybody let in, no TLS. */
    public static BrokerOptions defaults() {
        return onPort(FreePorts.next());
    }

    public static BrokerOptions onPort(int port) {
        return new BrokerOptions(port, Optional.empty(), Optional.empty());
    }

    public BrokerOptions login(String user, String password) {
        return new BrokerOptions(port, Optional.of(new Login(user, password)), tls);
    }

    /** TLS on another free port; clients need no certificate. */
    public BrokerOptions tls(Path keystore, String password) {
        return new BrokerOptions(
                port,
                login,
                Optional.of(
                        new Tls(
                                FreePorts.next(),
                                new Keystore(keystore, password),
                                Optional.empty())));
    }

    /** TLS on another free port; clients need a certificate of one of those authorities. */
    public BrokerOptions mutualTls(Keystore keystore, Keystore truststore) {
        return new BrokerOptions(
                port,
                login,
                Optional.of(new Tls(FreePorts.next(), keystore, Optional.of(truststore))));
    }
}
