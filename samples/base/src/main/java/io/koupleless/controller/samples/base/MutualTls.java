package io.koupleless.controller.samples.base;

import com.alipay.sofa.koupleless.arklet.core.common.exception.ArkletInitException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;

/** TLS in which broker and base show each other a certificate; the key is a PKCS#1 PEM file without a passphrase. */
record MutualTls(String caPath, String certificatePath, String keyPath) {

    private static final char[] NO_PASSPHRASE = {};
    private static final String PKCS1_BEGIN = "-----BEGIN RSA PRIVATE KEY-----";
    private static final String PKCS1_END = "-----END RSA PRIVATE KEY-----";

    /** DER of "version 0, algorithm rsaEncryption", which PKCS#8 writes before the PKCS#1 key. */
    private static final byte[] PKCS8_HEAD = HexFormat.of().parseHex("020100300d06092a864886f70d0101010500");

    private static final int DER_SEQUENCE = 0x30;
    private static final int DER_OCTET_STRING = 0x04;

    SSLSocketFactory socketFactory() {
        try {
            KeyStore trusted = emptyStore();
            trusted.setCertificateEntry("ca", certificate(caPath));
            TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            trust.init(trusted);

            KeyStore own = emptyStore();
            own.setKeyEntry("key", privateKey(), NO_PASSPHRASE, new Certificate[] {certificate(certificatePath)});
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(own, NO_PASSPHRASE);

            SSLContext context = SSLContext.getInstance("TLSv1.2");
            context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
            return context.getSocketFactory();
        } catch (GeneralSecurityException | IOException e) {
            throw new ArkletInitException(e);
        }
    }

    private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
        KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
        store.load(null, null);
        return store;
    }

    private static Certificate certificate(String path) throws GeneralSecurityException, IOException {
        try (InputStream in = Files.newInputStream(Path.of(path))) {
            return CertificateFactory.getInstance("X.509").generateCertificate(in);
        }
    }

    private PrivateKey privateKey() throws GeneralSecurityException, IOException {
        String pem = Files.readString(Path.of(keyPath));
        int begin = pem.indexOf(PKCS1_BEGIN);
        int end = pem.indexOf(PKCS1_END);
        if (begin < 0 || end < begin) {
            throw new ArkletInitException("no PKCS#1 private key in " + keyPath);
        }
        byte[] pkcs1 = Base64.getMimeDecoder().decode(pem.substring(begin + PKCS1_BEGIN.length(), end));
        byte[] pkcs8 = der(DER_SEQUENCE, join(PKCS8_HEAD, der(DER_OCTET_STRING, pkcs1)));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    }

    /** Tag, length in two bytes (a key is never shorter than 256), content. */
    private static byte[] der(int tag, byte[] content) {
        byte[] head = {(byte) tag, (byte) 0x82, (byte) (content.length >> 8), (byte) content.length};
        return join(head, content);
    }

    private static byte[] join(byte[] head, byte[] tail) {
        ByteArrayOutputStream joined = new ByteArrayOutputStream(head.length + tail.length);
        joined.writeBytes(head);
        joined.writeBytes(tail);
        return joined.toByteArray();
    }
}
