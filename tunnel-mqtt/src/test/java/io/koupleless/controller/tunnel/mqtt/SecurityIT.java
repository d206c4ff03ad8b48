package io.koupleless.controller.tunnel.mqtt;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.koupleless.controller.base.BaseId;
import io.koupleless.controller.testkit.broker.BrokerOptions;
import io.koupleless.controller.testkit.broker.BrokerOptions.Keystore;
import io.koupleless.controller.testkit.broker.EmbeddedBroker;
import io.koupleless.controller.testkit.tunnel.RecordingListener;
import io.koupleless.controller.tunnel.Command;
import io.koupleless.controller.tunnel.Message;
import io.koupleless.controller.tunnel.TunnelCounters;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Login;
import io.koupleless.controller.tunnel.mqtt.MqttSettings.Tls;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** Who is let in, and whom we trust. */
class SecurityIT {
    private static final Duration SOON = Duration.ofSeconds(30);
    private static final Login LOGIN = TestSettings.login("user", "s3cret");

    private static Certificates server;
    private static Certificates stranger;
    private static Certificates rsaClient;
    private static Certificates ecClient;
    private static EmbeddedBroker oneWay;
    private static EmbeddedBroker mutual;

    private final RecordingListener heard = new RecordingListener();
    private final ListAppender<ILoggingEvent> lines = new ListAppender<>();
    private final Logger logger =
            (Logger) LoggerFactory.getLogger("io.koupleless.controller.tunnel.mqtt");

    @BeforeAll
    static void startBrokers(@TempDir Path directory) throws Exception {
        server = new Certificates(directory, "server", "EC", "ip:127.0.0.1");
        stranger = new Certificates(directory, "stranger", "EC", "ip:127.0.0.1");
        rsaClient = new Certificates(directory, "rsa", "RSA", "dns:client");
        ecClient = new Certificates(directory, "ec", "EC", "dns:client");
        for (Certificates made : List.of(server, stranger, rsaClient, ecClient)) {
            made.await();
        }
        BrokerOptions options = BrokerOptions.defaults().login("user", "s3cret");
        oneWay = EmbeddedBroker.start(options.tls(server.keystore(), Certificates.PASSWORD));
        Path clients =
                Certificates.truststore(directory.resolve("clients.p12"), rsaClient, ecClient);
        mutual =
                EmbeddedBroker.start(
                        BrokerOptions.defaults()
                                .login("user", "s3cret")
                                .mutualTls(
                                        new Keystore(server.keystore(), Certificates.PASSWORD),
                                        new Keystore(clients, Certificates.PASSWORD)));
    }

    @AfterAll
    static void stopBrokers() {
        oneWay.close();
        mutual.close();
    }

    @BeforeEach
    void watchLog() {
        lines.start();
        logger.addAppender(lines);
    }

    @AfterEach
    void leaveLog() {
        logger.detachAppender(lines);
    }

    @ParameterizedTest
    @EnumSource
    void aVerifiedServerIsTrusted(MqttVersion version) throws Exception {
        Tls tls = new Tls(server.certificatePem(), null, null, true);
        assertWorks(tls("127.0.0.1", oneWay, version, tls));
    }

    @Test
    void aServerOfAnotherAuthorityIsRefused() throws Exception {
        Tls tls = new Tls(stranger.certificatePem(), null, null, true);
        assertStaysDown(tls("127.0.0.1", oneWay, MqttVersion.V3_1_1, tls), "certificat");
    }

    @Test
    void aClientWithoutACertificateIsRefusedAgainAndAgain() throws Exception {
        Tls tls = new Tls(server.certificatePem(), null, null, true);
        assertStaysDown(tls("127.0.0.1", mutual, MqttVersion.V3_1_1, tls), "");
    }

    @Test
    void aServerOfAnotherNameIsRefused() throws Exception {
        Tls tls = new Tls(server.certificatePem(), null, null, true);
        assertStaysDown(tls("localhost", oneWay, MqttVersion.V5, tls), "localhost");
    }

    @ParameterizedTest
    @EnumSource
    void anyServerWillDoWithoutVerification(MqttVersion version) throws Exception {
        Tls tls = new Tls(stranger.certificatePem(), null, null, false);
        assertWorks(tls("localhost", oneWay, version, tls));
    }

    @Test
    void aClientShowsItsRsaCertificateWithEitherKeyFile() throws Exception {
        Path ca = server.certificatePem();
        for (Path key : List.of(rsaClient.pkcs8Pem(), rsaClient.pkcs1Pem())) {
            Tls tls = new Tls(ca, rsaClient.certificatePem(), key, true);
            assertWorks(tls("127.0.0.1", mutual, MqttVersion.V3_1_1, tls));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aClientShowsItsEcCertificate(MqttVersion version) throws Exception {
        Tls tls =
                new Tls(
                        server.certificatePem(),
                        ecClient.certificatePem(),
                        ecClient.pkcs8Pem(),
                        true);
        assertWorks(tls("127.0.0.1", mutual, version, tls));
    }

    @ParameterizedTest
    @EnumSource
    void aWrongPasswordKeepsTheLinkDownWithOneLine(MqttVersion version) {
        Login wrong = TestSettings.login("user", "wrong-s3cret");
        MqttSettings settings = TestSettings.of(oneWay.host(), oneWay.port(), version, wrong, null);
        assertStaysDown(settings, "");
        assertThat(lines.list)
                .noneMatch(line -> line.getKeyValuePairs().toString().contains("s3cret"));
    }

    private void assertWorks(MqttSettings settings) {
        heard.forget();
        try (MqttTunnel tunnel = new MqttTunnel(settings, TunnelCounters.none())) {
            tunnel.start(heard);
            heard.awaitLink(true);
            Message message =
                    new Message(new BaseId("b1"), new Command.QueryHealth(), SOON, () -> true);
            assertThat(tunnel.send(message).toCompletableFuture()).succeedsWithin(SOON);
        }
    }

    /** Long enough for two more attempts. */
    private void assertStaysDown(MqttSettings settings, String why) {
        try (MqttTunnel tunnel = new MqttTunnel(settings, TunnelCounters.none())) {
            tunnel.start(heard);
            Awaitility.await()
                    .during(Duration.ofMillis(1_500))
                    .atMost(SOON)
                    .until(() -> !warnings().isEmpty());
            assertThat(tunnel.up()).isFalse();
            assertThat(heard.events()).isEmpty();
            // One refusal may have two causes: the alert of the other side, or the closed socket.
            assertThat(warnings())
                    .hasSizeLessThanOrEqualTo(2)
                    .extracting(line -> line.getKeyValuePairs().toString())
                    .doesNotHaveDuplicates()
                    .anyMatch(line -> line.contains(why));
        }
    }

    private List<ILoggingEvent> warnings() {
        return List.copyOf(lines.list).stream()
                .filter(line -> line.getLevel().isGreaterOrEqual(Level.WARN))
                .toList();
    }

    private static MqttSettings tls(
            String host, EmbeddedBroker broker, MqttVersion version, Tls tls) {
        return TestSettings.of(host, broker.tlsPort(), version, LOGIN, tls);
    }
}
