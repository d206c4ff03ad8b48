package io.koupleless.controller.tunnel.mqtt;

import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/** Turns {@link MqttSettings.Tls} into the JDK's terms; names file and setting when it cannot. */
final class TlsContext {
    private static final String CA = "caPath (MQTT_CA_PATH)";
    private static final String CERT = "clientCertPath (MQTT_CLIENT_CRT_PATH)";
    private static final String KEY = "clientKeyPath (MQTT_CLIENT_KEY_PATH)";
    private static final char[] NO_PASSWORD = new char[0];

    private TlsContext() {}

    static SSLContext of(MqttSettings.Tls tls) {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(
                    ours(tls.clientCertPath(), tls.clientKeyPath()),
                    tls.verify() ? trusted(tls.caPath()) : anyone(tls.caPath()),
                    null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalArgumentException("TLS cannot be set up: " + e.getMessage(), e);
        }
    }

    private static TrustManager @Nullable [] trusted(@Nullable Path ca)
            throws GeneralSecurityException, IOException {
        if (ca == null) {
            return null;
        }
        KeyStore store = empty();
        List<X509Certificate> certificates = PemFiles.certificates(CA, ca);
        for (int i = 0; i < certificates.size(); i++) {
            store.setCertificateEntry("ca-" + i, certificates.get(i));
        }
        TrustManagerFactory factory =
                TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static TrustManager[] anyone(@Nullable Path ca) {
        if (ca != null) {
            PemFiles.certificates(CA, ca); // an unreadable file is a mistake all the same
        }
        return new TrustManager[] {new TrustAnyone()};
    }

    private static KeyManager @Nullable [] ours(@Nullable Path cert, @Nullable Path key)
            throws GeneralSecurityException, IOException {
        if (cert == null && key == null) {
            return null;
        }
        if (cert == null || key == null) {
            throw new IllegalArgumentException(CERT + " and " + KEY + " go together");
        }
        X509Certificate[] chain = PemFiles.certificates(CERT, cert).toArray(X509Certificate[]::new);
        PrivateKey privateKey = PemFiles.privateKey(KEY, key);
        KeyStore store = empty();
        store.setKeyEntry("client", privateKey, NO_PASSWORD, chain);
        KeyManagerFactory factory =
                KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store, NO_PASSWORD);
        return factory.getKeyManagers();
    }

    private static KeyStore empty() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }
}
