package io.koupleless.controller.testkit.broker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.apache.activemq.artemis.api.core.TransportConfiguration;
import org.apache.activemq.artemis.core.config.Configuration;
import org.apache.activemq.artemis.core.config.impl.ConfigurationImpl;
import org.apache.activemq.artemis.core.config.impl.SecurityConfiguration;
import org.apache.activemq.artemis.core.remoting.impl.netty.NettyAcceptorFactory;
import org.apache.activemq.artemis.core.remoting.impl.netty.TransportConstants;
import org.apache.activemq.artemis.core.security.Role;
import org.apache.activemq.artemis.core.server.JournalType;
import org.apache.activemq.artemis.core.settings.impl.AddressFullMessagePolicy;
import org.apache.activemq.artemis.core.settings.impl.AddressSettings;
import org.apache.activemq.artemis.spi.core.security.ActiveMQJAASSecurityManager;
import org.apache.activemq.artemis.spi.core.security.jaas.InVMLoginModule;

/** Our options in Artemis' words: small, in memory, MQTT only. */
final class BrokerConfiguration {
    private static final String ROLE = "everything";
    private static final int DISK_NEVER_FULL = -1;

    private BrokerConfiguration() {}

    static Configuration of(BrokerOptions options) {
        Configuration configuration =
                new ConfigurationImpl()
                        .setName("broker-" + options.port())
                        .setPersistenceEnabled(false)
                        .setJournalType(JournalType.NIO)
                        .setJMXManagementEnabled(false)
                        .setSecurityEnabled(options.login().isPresent())
                        .setMaxDiskUsage(DISK_NEVER_FULL)
                        .setThreadPoolMaxSize(8)
                        .setScheduledThreadPoolMaxSize(2)
                        .setGracefulShutdownEnabled(false);
        configuration.addAcceptorConfiguration(acceptor("mqtt", options.port(), Map.of()));
        options.tls()
                .ifPresent(tls ->
                        configuration.addAcceptorConfiguration(
                                acceptor("mqtts", tls.port(), tlsParameters(tls))));
        configuration.addAddressSetting(
                "#",
                new AddressSettings()
                        .setAddressFullMessagePolicy(AddressFullMessagePolicy.DROP)
                        .setMaxSizeBytes(64L << 20));
        configuration.putSecurityRoles(
                "#",
                Set.of(
                        new Role(
                                ROLE, true, true, true, true, true, true, true, true, true, true,
                                false, false)));
        return configuration;
    }

    static ActiveMQJAASSecurityManager letIn(BrokerOptions.Login login) {
        SecurityConfiguration users = new SecurityConfiguration();
        users.addUser(login.user(), login.password());
        users.addRole(login.user(), ROLE);
        return new ActiveMQJAASSecurityManager(InVMLoginModule.class.getName(), users);
    }

    private static TransportConfiguration acceptor(
            String name, int port, Map<String, Object> extra) {
        Map<String, Object> parameters = new HashMap<>(extra);
        parameters.put(TransportConstants.HOST_PROP_NAME, "127.0.0.1");
        parameters.put(TransportConstants.PORT_PROP_NAME, port);
        parameters.put(TransportConstants.PROTOCOLS_PROP_NAME, "MQTT");
        parameters.put(TransportConstants.USE_EPOLL_PROP_NAME, false);
        parameters.put(TransportConstants.USE_KQUEUE_PROP_NAME, false);
        parameters.put(TransportConstants.REMOTING_THREADS_PROPNAME, 2);
        parameters.put(TransportConstants.TCP_NODELAY_PROPNAME, true);
        return new TransportConfiguration(NettyAcceptorFactory.class.getName(), parameters, name);
    }

    private static Map<String, Object> tlsParameters(BrokerOptions.Tls tls) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put(TransportConstants.SSL_ENABLED_PROP_NAME, true);
        parameters.put(TransportConstants.KEYSTORE_PATH_PROP_NAME, realPath(tls.keystore()));
        parameters.put(TransportConstants.KEYSTORE_TYPE_PROP_NAME, "PKCS12");
        parameters.put(TransportConstants.KEYSTORE_PASSWORD_PROP_NAME, tls.keystore().password());
        tls.truststore()
                .ifPresent(truststore -> {
                    parameters.put(TransportConstants.NEED_CLIENT_AUTH_PROP_NAME, true);
                    parameters.put(
                            TransportConstants.TRUSTSTORE_PATH_PROP_NAME, realPath(truststore));
                    parameters.put(TransportConstants.TRUSTSTORE_TYPE_PROP_NAME, "PKCS12");
                    parameters.put(
                            TransportConstants.TRUSTSTORE_PASSWORD_PROP_NAME,
                            truststore.password());
                });
        return parameters;
    }

    private static String realPath(BrokerOptions.Keystore keystore) {
        try {
            return keystore.file().toRealPath().toString();
        } catch (IOException e) {
            throw new UncheckedIOException("no such keystore: " + keystore.file(), e);
        }
    }
}
